/** Detached signatures over payments: `x-jws-signature` (Read/Write profile, message signing; RFC 7515 appendix F). */
import { CompactSign, compactVerify, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../../../platform/clock.ts";
import type { UkObieBank } from "./bank.ts";

const IAT = "http://openbanking.org.uk/iat";
const ISS = "http://openbanking.org.uk/iss";
const TAN = "http://openbanking.org.uk/tan";
const MEMBERS = [IAT, ISS, TAN];
/** Their values stand in the protected header. */
const CRIT = { [IAT]: true, [ISS]: true, [TAN]: true };

export async function signDetached(bank: UkObieBank, clock: Clock, body: string): Promise<string> {
  const { kid, signingKey, jws } = bank;
  const signed = await new CompactSign(Buffer.from(body))
    .setProtectedHeader({
      alg: "PS256",
      kid,
      typ: "JOSE",
      cty: "application/json",
      crit: MEMBERS,
      // A second back: the bank's clock may be behind ours.
      [IAT]: Math.floor(clock().epochMilliseconds / 1000) - 1,
      [ISS]: jws.iss,
      [TAN]: jws.tan,
    })
    .sign(signingKey, { crit: CRIT });
  const [header = "", , signature = ""] = signed.split(".");
  return `${header}..${signature}`;
}

/** False where the signature is not the bank's over these bytes. */
export async function verifyDetached(
  keys: JWTVerifyGetKey,
  signature: string,
  body: Buffer,
): Promise<boolean> {
  const [header, empty, end, more] = signature.split(".");
  if (header === undefined || empty !== "" || end === undefined || more !== undefined) return false;
  try {
    const whole = `${header}.${body.toString("base64url")}.${end}`;
    await compactVerify(whole, keys, { algorithms: ["PS256"], crit: CRIT });
    return true;
  } catch {
    // Whatever is wrong with it, it is not believed.
    return false;
  }
}
