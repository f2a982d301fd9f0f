import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { createMailer, escapeHtml } from "./mail.ts";

/** An SMTP server that takes everything, or nothing; answers what it was told. */
async function startSmtp(answerToMail: string): Promise<{ url: string; said: () => string; close(): void }> {
  let said = "";
  const server = createServer((socket) => {
    let isData = false;
    socket.write("220 test\r\n");
    socket.on("data", (bytes) => {
      const text = bytes.toString();
      said += text;
      if (isData) {
        if (text.endsWith("\r\n.\r\n")) {
          isData = false;
          socket.write("250 kept\r\n");
        }
        return;
      }
      if (text.startsWith("EHLO")) socket.write("250-test\r\n250 8BITMIME\r\n");
      else if (text.startsWith("MAIL")) socket.write(`${answerToMail}\r\n`);
      else if (text.startsWith("DATA")) {
        isData = true;
        socket.write("354 go on\r\n");
      } else if (text.startsWith("QUIT")) socket.end("221 bye\r\n");
      else socket.write("250 ok\r\n");
    });
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, said: () => said, close: () => void server.close() };
}

const MAIL = { to: "ravi@lender.example", subject: "Join", text: "Plain.", html: "<p>Rich.</p>" };

test("without a server or a sender there is no mailer", () => {
  assert.equal(createMailer({ url: null, from: "a@b.example" }), null);
  assert.equal(createMailer({ url: "smtp://localhost", from: null }), null);
});

test("a mail arrives with both its texts, from the sender that was set", async () => {
  const smtp = await startSmtp("250 ok");
  const mailer = createMailer({ url: smtp.url, from: "Bankbell <bell@bank.example>" });
  assert.ok(mailer);
  try {
    await mailer.send(MAIL);
    assert.match(smtp.said(), /MAIL FROM:<bell@bank\.example>/);
    assert.match(smtp.said(), /RCPT TO:<ravi@lender\.example>/);
    assert.match(smtp.said(), /Subject: Join[^]*Plain\.[^]*<p>Rich\.<\/p>/);
  } finally {
    mailer.close();
    smtp.close();
  }
});

test("what the server refuses is thrown", async () => {
  const smtp = await startSmtp("550 no");
  const mailer = createMailer({ url: smtp.url, from: "bell@bank.example" });
  assert.ok(mailer);
  try {
    await assert.rejects(mailer.send(MAIL), /550/);
  } finally {
    mailer.close();
    smtp.close();
  }
});

test("HTML of others is text", () => {
  assert.equal(escapeHtml(`<a href="x">'&`), "&#60;a href=&#34;x&#34;&#62;&#39;&#38;");
});
