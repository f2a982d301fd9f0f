/** What a customer finds who follows `redirect_url`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { field, NOBODY, openHttp, V1 } from "./http-setup.ts";

test("redirect_url leads to a page, the same for every session and for none", async () => {
  const http = await openHttp();
  try {
    http.intake.connectUrl = `${http.url}/connect/`;
    const { body } = await http.call(`${V1}/session/`, { json: { link_id: "c" } });
    const page = await fetch(field(body, "redirect_url"));
    const text = await page.text();
    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.equal(/script-src|unsafe/.test(policy), false, policy);
    assert.equal(page.headers.get("cache-control"), "no-store");
    assert.match(text, /not part of this version/);
    assert.match(text, /go back to whoever sent you here/);
    assert.match(text, /name="viewport" content="width=device-width/);
    assert.equal(/<script|\son\w+=|\sstyle=|<form|<input/i.test(text), false);
    assert.equal(text.includes(field(body, "session_id")), false);

    for (const path of [`/connect/?session_id=${NOBODY}`, "/connect/?session_id=<script>", "/connect"]) {
      const other = await http.call(path, { as: null });
      assert.deepEqual([other.status, other.text], [200, text], path);
    }
    const style = await http.call("/connect/style.css", { as: null });
    assert.match(style.headers.get("content-type") ?? "", /^text\/css/);
    assert.equal(/@import|url\(/.test(style.text), false);
  } finally {
    await http.close();
  }
});
