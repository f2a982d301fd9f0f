/** `acc_…`: an environment as the app of the open-banking contract, which keeps templates and a redirect secret. */
import { sha256 } from "../platform/crypto.ts";

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH = 24;

/** Derived, so that it is the same for ever and needs no column. */
export function appIdOf({ publicId }: { publicId: string }): string {
  let rest = BigInt(`0x${sha256(`app:${publicId}`).toString("hex")}`);
  let text = "";
  for (let i = 0; i < LENGTH; i++) {
    text += BASE_62.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return `acc_${text}`;
}
