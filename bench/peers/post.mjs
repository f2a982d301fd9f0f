// One signed post, as ours: Standard Webhooks v1, undici, 128 connections.
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import { Pool } from "undici";

export const CONCURRENCY = 128;
const key = createSecretKey(randomBytes(24));

/** @param {string} origin of the sink */
export function createPoster(origin) {
  const pool = new Pool(origin, { connections: CONCURRENCY, pipelining: 1 });
  return {
    /** Throws where the answer is no 2xx. */
    async post(id, text) {
      const body = Buffer.from(text);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
      const headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${digest}`,
      };
      const answer = await pool.request({ path: "/hook", method: "POST", headers, body });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error(`answered ${answer.statusCode}`);
    },
    close: () => pool.close(),
  };
}

/** Tells the parent, then resolves when it says go. */
export function readyForGo() {
  return new Promise((resolve) => {
    process.once("message", resolve);
    process.send("ready");
  });
}
