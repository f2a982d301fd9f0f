/** Calls by client credentials; once more with a new token where the bank does not take the one that was kept. */
import type { z } from "zod";
import type { Outcome, Role } from "../provider.ts";
import { fault, type BankHttp, type Call, type Called } from "./http.ts";
import type { Oidc } from "./oidc.ts";

export type OwnCall = <T extends z.ZodType>(
  call: Omit<Call<T>, "token">,
) => Promise<Outcome<Called<z.output<T>>>>;

export function withOwnToken(http: BankHttp, oidc: Oidc, role: Role): OwnCall {
  return async (call) => {
    for (const renew of [false, true]) {
      const token = await oidc.ownToken(role, { renew });
      if (!token.ok) return token;
      const answer = await http.call({ ...call, token: token.value });
      if (
        answer.ok ||
        answer.fault !== "grant_ended" ||
        answer.code === "UK.OBIE.Resource.InvalidConsentStatus"
      )
        return answer;
    }
    // No customer's grant: nothing of theirs has ended. Nor is it a no to what was asked, such as a consent's end.
    return fault("unavailable", "The bank does not take our own token.");
  };
}
