/** Time and consents: the end of days in the organisation's zone, and mails before it, through a real SMTP session. */
import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { createMailer, type Mailer } from "../src/platform/mail.ts";
import { createLog } from "../src/platform/telemetry.ts";
import { dueReminder, sendReminders } from "../src/connect/reminders.ts";
import { endConsents } from "../src/connect/consents/timers.ts";
import { defaultExpiry, mayRead } from "../src/connect/consents/dates.ts";
import { goToBank, openConsents, pageOf, type ConsentBench } from "./openbanking-consents-setup.ts";
import { bodyOf } from "./openbanking-setup.ts";

interface Received {
  to: string;
  source: string;
}

/** Takes every mail, or refuses or drops the next ones. */
interface MailServer {
  url: string;
  mails: Received[];
  next: ("take" | "refuse" | "drop after data")[];
  close(): Promise<void>;
}

let smtp: MailServer;
let bench: ConsentBench;
let mailer: Mailer | null;
before(async () => {
  smtp = await openMailServer();
  mailer = createMailer({ url: smtp.url, from: "Bankbell <no-reply@bank.example>" });
  bench = await openConsents({ connect: { mailer } });
});
after(async () => {
  await bench.close();
  mailer?.close();
  await smtp.close();
});
beforeEach(() => {
  smtp.mails.length = 0;
  bench.setNow("2024-04-25T10:00:00.123456Z");
});

const DAY = (text: string) => Temporal.PlainDate.from(text);

async function authorized(fields: Record<string, string>, person: Record<string, string> = {}) {
  const customer = await bench.customer(person);
  const made = await bench.consent({ customer, ...fields });
  await goToBank(bench, bench.browser(), pageOf(made));
  return made;
}

const reminders = async (made: Record<string, unknown>) =>
  (await bench.events(`consent:${String(made["id"])}`)).filter((type) => type.startsWith("reminder.")).length;

const endAll = async () => {
  bench.setNow("2034-01-01T00:00:00Z");
  await bench.run("end_consents");
};

test("14, 7 and 1 days before the end a mail goes out, each once, each with its event", async () => {
  const made = await authorized(
    { expiry_date: "2024-06-30" },
    { email: "asha@example.com", name: "Asha <b>" },
  );
  const steps: [string, number][] = [
    ["2024-06-16T08:59:00Z", 0],
    ["2024-06-16T09:00:00Z", 1],
    ["2024-06-17T09:00:00Z", 1],
    ["2024-06-23T09:00:00Z", 2],
    ["2024-06-29T12:00:00Z", 3],
    ["2024-06-30T23:00:00Z", 3],
  ];
  for (const [now, mails] of steps) {
    bench.setNow(now);
    await bench.run("remind_of_consents");
    await bench.run("remind_of_consents");
    assert.deepEqual([smtp.mails.length, await reminders(made)], [mails, mails], now);
  }
  const [first] = smtp.mails;
  assert.equal(first?.to, "asha@example.com");
  const source = decoded(first?.source ?? "");
  assert.match(source, /Subject: Your bank connection with Test ends in 14 days/);
  assert.match(source, /ends in 14 days, on 30 June 2024/);
  assert.match(source, /Content-Type: text\/plain/);
  assert.match(source, /Hello Asha &#60;b&#62;,/);
  bench.setNow("2024-07-01T00:00:00Z");
  await bench.run("end_consents");
  assert.equal((await bench.read(made["id"]))["status"], "expired");
  await endAll();
});

test("after an outage one mail goes out, not three", async () => {
  const made = await authorized({ expiry_date: "2024-06-30" }, { email: "asha@example.com" });
  bench.setNow("2024-06-29T10:00:00Z");
  await bench.run("remind_of_consents");
  assert.deepEqual([smtp.mails.length, await reminders(made)], [1, 1]);
  await endAll();
});

test("a mail server that refuses is asked again later; the event waits for the mail", async () => {
  const made = await authorized({ expiry_date: "2024-06-30" }, { email: "asha@example.com" });
  bench.setNow("2024-06-16T10:00:00Z");
  smtp.next.push("refuse");
  await bench.run("remind_of_consents");
  await bench.run("remind_of_consents");
  assert.deepEqual([smtp.mails.length, await reminders(made)], [0, 0]);
  bench.setNow("2024-06-16T10:31:00Z");
  await bench.run("remind_of_consents");
  assert.deepEqual([smtp.mails.length, await reminders(made)], [1, 1]);
  await endAll();
});

test("a crash between the mail and our commit: the mail may come twice, the event once", async () => {
  const made = await authorized({ expiry_date: "2024-06-30" }, { email: "asha@example.com" });
  bench.setNow("2024-06-16T10:00:00Z");
  // Taken by the server, its answer lost: to us the same as a kill before the commit.
  smtp.next.push("drop after data");
  await bench.run("remind_of_consents");
  assert.deepEqual([smtp.mails.length, await reminders(made)], [1, 0]);
  bench.setNow("2024-06-16T10:31:00Z");
  await Promise.all([bench.run("remind_of_consents"), bench.run("remind_of_consents")]);
  assert.deepEqual([smtp.mails.length, await reminders(made)], [2, 1]);
  await endAll();
});

test("a claim whose process died is taken over after five minutes", async () => {
  const made = await authorized({ expiry_date: "2024-06-30" }, { email: "asha@example.com" });
  await bench.http.database.pool.query(
    `insert into consent_reminders (env_id, consent_id, expiry_date, days, claimed_until)
     select env_id, id, expiry_date, 14, '2024-06-16T10:05:00Z' from consents where public_id = $1`,
    [made["id"]],
  );
  bench.setNow("2024-06-16T10:04:00Z");
  await bench.run("remind_of_consents");
  assert.equal(smtp.mails.length, 0);
  bench.setNow("2024-06-16T10:05:00Z");
  await bench.run("remind_of_consents");
  assert.deepEqual([smtp.mails.length, await reminders(made)], [1, 1]);
  await endAll();
});

test("who has no address gets no mail and no event", async () => {
  const made = await authorized({ expiry_date: "2024-06-30" });
  bench.setNow("2024-06-29T10:00:00Z");
  await bench.run("remind_of_consents");
  assert.deepEqual([smtp.mails.length, await reminders(made)], [0, 0]);
  const { rows } = await bench.http.database.pool.query<{ error: string }>(
    "select r.error from consent_reminders r join consents c using (env_id) where c.id = r.consent_id and c.public_id = $1",
    [made["id"]],
  );
  assert.deepEqual(rows, [{ error: "no_address" }]);
  await endAll();
});

test("without a mail server nothing is sent or recorded, and the log says so", async () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const made = await authorized({ expiry_date: "2024-06-30" }, { email: "asha@example.com" });
  bench.setNow("2024-06-29T10:00:00Z");
  await sendReminders({ ...bench.http.connect, mailer: null, log });
  assert.match(lines.join(""), /"due":1.*no mail server is set/);
  assert.deepEqual([smtp.mails.length, await reminders(made)], [0, 0]);
  await endAll();
});

test("90 days without a confirmation: reminded, then nothing is read until renewed_at", async () => {
  const made = await authorized({}, { email: "asha@example.com" });
  bench.setNow("2024-07-23T10:00:00Z");
  await bench.run("remind_of_consents");
  assert.equal(await reminders(made), 1);
  assert.match(
    decoded(smtp.mails[0]?.source ?? ""),
    /needs you to confirm that again tomorrow, by 24 July 2024/,
  );
  const row = async () => {
    const found = await bench.http.database.kysely
      .selectFrom("consents")
      .selectAll()
      .where("public_id", "=", String(made["id"]))
      .executeTakeFirstOrThrow();
    return found;
  };
  const at = (text: string) => Temporal.Instant.from(text);
  assert.equal(mayRead(await row(), "UTC", at("2024-07-24T23:59:59Z")), true);
  assert.equal(mayRead(await row(), "UTC", at("2024-07-25T00:00:00Z")), false);
  assert.equal((await bench.read(made["id"]))["status"], "authorized");
  bench.setNow("2024-07-26T10:00:00Z");
  await bench.ask(`/consents/${String(made["id"])}`, { form: { renewed_at: "2024-07-26T09:00:00Z" } });
  assert.equal(mayRead(await row(), "UTC", at("2024-07-26T10:00:00Z")), true);
  await endAll();
});

test("a consent ends when its last day ends in the organisation's time zone", async () => {
  await bench.http.database.pool.query("update organisations set time_zone = 'America/New_York'");
  // Environments are remembered for a moment by the key that asks; the timers load them anew.
  const made = await authorized({ expiry_date: "2024-04-25" });
  bench.setNow("2024-04-26T03:59:59Z");
  await bench.run("end_consents");
  assert.equal((await bench.events(`consent:${String(made["id"])}`)).includes("consent.expired"), false);
  bench.setNow("2024-04-26T04:00:00Z");
  await bench.run("end_consents");
  await bench.run("end_consents");
  const events = await bench.events(`consent:${String(made["id"])}`);
  assert.deepEqual(events, ["consent.created", "consent.authorized", "consent.expired"]);
  await bench.http.database.pool.query("update organisations set time_zone = 'UTC'");
  const { rows } = await bench.http.database.pool.query<{ tokens: Buffer | null }>(
    "select tokens from consents where public_id = $1",
    [made["id"]],
  );
  assert.equal(rows[0]?.tokens, null);
});

test("consents whose day has not ended yet keep no other organisation's from ending", async () => {
  const ends = { provider: "orion", expiry_date: "2024-04-26" };
  const west = await authorized(ends);
  const { credentials: as, envId } = await bench.http.newEnvironment();
  const { id: customer } = bodyOf(await bench.ask("/customers", { form: { name: "Tia Sample" }, as }));
  const east = bodyOf(await bench.ask("/consents", { form: { customer: String(customer), ...ends }, as }));
  await goToBank(bench, bench.browser(), pageOf(east));
  await bench.http.database.pool.query(
    `update organisations o set time_zone = case when e.id = $1 then 'Pacific/Kiritimati' else 'America/New_York' end
     from environments e where e.organisation_id = o.id`,
    [envId],
  );
  // There it is the 27th, here still the 26th: one more than is looked at in one go.
  bench.setNow("2024-04-26T10:00:00Z");
  assert.deepEqual(await endConsents(bench.http.connect, 1), { ended: 1 });
  assert.deepEqual(
    [
      bodyOf(await bench.ask(`/consents/${String(east["id"])}`, { as }))["status"],
      (await bench.read(west["id"]))["status"],
    ],
    ["expired", "authorized"],
  );
  await bench.http.database.pool.query("update organisations set time_zone = 'UTC'");
  await endAll();
});

test("seven days untouched, new or pending, to the second", async () => {
  const fresh = bodyOf(await bench.ask("/consents", { form: { customer: await bench.customer() } }));
  const waiting = await bench.consent();
  bench.setNow("2024-05-02T10:00:00Z");
  await bench.run("end_consents");
  for (const made of [fresh, waiting]) {
    assert.deepEqual(await bench.events(`consent:${String(made["id"])}`), ["consent.created"]);
  }
  bench.setNow("2024-05-02T10:00:01Z");
  await bench.run("end_consents");
  for (const made of [fresh, waiting]) {
    assert.equal((await bench.read(made["id"]))["status"], "canceled");
  }
});

test("a year from a leap day ends on 28 February; an organisation may say days instead", () => {
  assert.equal(defaultExpiry(DAY("2024-02-29"), null).toString(), "2025-02-28");
  assert.equal(defaultExpiry(DAY("2020-01-30"), null).toString(), "2021-01-30");
  assert.equal(defaultExpiry(DAY("2024-04-25"), 90).toString(), "2024-07-24");
});

test("no reminder whose morning was before the customer said yes", () => {
  const consent = {
    status: "authorized" as const,
    expiry_date: DAY("2024-05-02"),
    reconfirm_by: DAY("2024-07-24"),
    authed_at: Temporal.Instant.from("2024-04-25T10:00:00Z"),
    renewed_at: null,
  };
  const due = (now: string) =>
    dueReminder(consent, [14, 7, 1], "UTC", Temporal.Instant.from(now))?.days ?? null;
  assert.equal(due("2024-04-25T12:00:00Z"), null);
  assert.equal(due("2024-04-30T12:00:00Z"), null);
  assert.equal(due("2024-05-01T09:00:00Z"), 1);
});

/** Quoted-printable and soft line breaks undone, as far as these mails use them. */
const decoded = (source: string) =>
  source
    .replaceAll(/=\r?\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

async function openMailServer(): Promise<MailServer> {
  const mails: Received[] = [];
  const next: MailServer["next"] = [];
  const server: Server = createServer((socket) => serve(socket, mails, next));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    next,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** RFC 5321, as little as nodemailer needs. */
function serve(socket: Socket, mails: Received[], next: MailServer["next"]): void {
  let to = "";
  let source: string | null = null;
  let rest = "";
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const line = (text: string) => {
    if (source !== null) {
      if (text !== ".") source += `${text}\r\n`;
      else {
        const how = next.shift() ?? "take";
        if (how !== "refuse") mails.push({ to, source });
        source = null;
        if (how === "drop after data") socket.destroy();
        else say(how === "refuse" ? "451 try again later" : "250 taken");
      }
    } else if (/^(EHLO|HELO)/i.test(text)) say("250 test");
    else if (/^RCPT TO:/i.test(text)) {
      to = /<([^>]*)>/.exec(text)?.[1] ?? "";
      say("250 ok");
    } else if (/^DATA/i.test(text)) {
      source = "";
      say("354 go on");
    } else if (/^QUIT/i.test(text)) {
      say("221 bye");
      socket.end();
    } else say("250 ok");
  };
  socket.on("data", (bytes) => {
    const lines = (rest + bytes.toString("latin1")).split("\r\n");
    rest = lines.pop() ?? "";
    for (const text of lines) line(text);
  });
  socket.on("error", () => undefined);
  say("220 test");
}
