/** What the hosted pages say, before and after the bank. Pure: facts in, HTML out. */
import type { ConsentStatus } from "../../connect/consents/states.ts";
import { monogram, renderPage, text, type Look } from "./layout.ts";

/** `13 March 2026`. */
export const dateInWords = (date: Temporal.PlainDate): string =>
  date.toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric" });

const PERMISSIONS: Readonly<Record<string, { name: string; means: string }>> = {
  accounts: {
    name: "Your account details",
    means: "The names, numbers and sort codes of the accounts that you choose at your bank.",
  },
  balance: { name: "Your balances", means: "How much is in each account, and its overdraft limit." },
  transactions: {
    name: "Your transactions",
    means: "What was paid in and out: when, how much, to or from whom, and the reference.",
  },
};

export interface Bank {
  id: string;
  name: string;
  /** False while it does not answer. */
  isUp: boolean;
}

export interface Asked {
  look: Look;
  /** Path of this page, and the query that keeps the template. */
  path: string;
  template: string | null;
  scopes: readonly string[];
  retroDate: Temporal.PlainDate | null;
  expiryDate: Temporal.PlainDate;
  /** False: there is no other to choose. */
  mayChange: boolean;
}

/** A path with its query; what is null is left out. */
export function pathWith(path: string, query: Record<string, string | null>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`;
}

export const hiddenField = (name: string, value: string | null) =>
  value === null ? "" : `<input type="hidden" name="${name}" value="${text(value)}">`;

/** Who asks for what until when, and the two answers. */
export function permissionPage(asked: Asked, bank: Bank): string {
  const { look, path, template } = asked;
  const app = text(look.appName);
  const change = asked.mayChange
    ? `<a href="${text(pathWith(path, { choose: "1", template }))}">Change<span class="hidden"> bank</span></a>`
    : "";
  const body = `<div class="consent-content two">
<div class="consent-left-bar">
<div class="block-content"><h1>${app} is requesting permission to read your bank data</h1>
<p class="lead">If you agree, ${text(bank.name)} will share this with ${app}:</p></div>
<div class="block-content"><ul class="permissions">${permissions(asked)}</ul>
${period(asked)}</div>
<div class="block-content"><p class="promise">${app} cannot move money or change anything in your accounts. You can stop sharing at any time, with ${app} or at your bank.</p></div>
</div>
<div class="consent-right-bar">
<h2>Your bank</h2>
<div class="bank-card">${monogram(bank.name)}<span>${text(bank.name)}</span>${change}</div>
<form method="post" action="${text(path)}">${hiddenField("provider", bank.id)}${hiddenField("template", template)}
<button class="primary" type="submit">Next</button></form>
<form method="post" action="${text(`${path}/cancel`)}">${hiddenField("template", template)}
<button type="submit">Cancel</button></form>
<p class="after">Next takes you to ${text(bank.name)}, where you sign in and choose your accounts.</p>
</div></div>`;
  return renderPage({ title: `${look.appName} is requesting permission`, body, look });
}

function permissions({ scopes, retroDate }: Asked): string {
  return scopes
    .map((scope) => {
      const known = PERMISSIONS[scope];
      if (!known) return "";
      const since =
        scope !== "transactions"
          ? ""
          : retroDate
            ? ` From ${dateInWords(retroDate)} on.`
            : " As far back as your bank keeps them ready.";
      return `<li><h2>${known.name}</h2><p>${known.means}${since}</p></li>`;
    })
    .join("");
}

function period({ look, expiryDate }: Asked): string {
  return `<dl class="period"><dt>How long</dt>
<dd>From today until ${dateInWords(expiryDate)}. ${text(look.appName)} asks you to confirm it again every 90 days.</dd></dl>`;
}

const TO_CONNECT = {
  title: "Which bank do you want to connect?",
  lead: (app: string) => `You see what ${app} asks for before anything is shared.`,
};

/** Every bank, or those whose name holds what was searched for. */
export function bankPage(
  asked: Pick<Asked, "look" | "path" | "template">,
  banks: readonly Bank[],
  query: string,
  words = TO_CONNECT,
): string {
  const { look, path, template } = asked;
  const wanted = query.trim().toLowerCase();
  const found = banks.filter(({ name, id }) => `${name} ${id}`.toLowerCase().includes(wanted));
  const items = found.map((bank) => {
    const href = pathWith(path, { provider: bank.id, template });
    const down = bank.isUp ? "" : "<small>Does not answer at the moment</small>";
    return `<li><a href="${text(href)}">${monogram(bank.name)}<span>${text(bank.name)}${down}</span></a></li>`;
  });
  const list =
    items.length > 0
      ? `<ul class="banks">${items.join("")}</ul>`
      : `<p class="empty" role="status">${
          banks.length === 0
            ? "No bank can be connected at the moment."
            : `No bank here is called “${text(query.trim())}”. <a href="${text(pathWith(path, { choose: "1", template }))}">Show all</a>`
        }</p>`;
  const body = `<div class="consent-content narrow">
<div class="block-content"><h1>${words.title}</h1>
<p class="lead">${text(words.lead(look.appName))}</p>
<form class="search" method="get" action="${text(path)}" role="search"><label class="hidden" for="q">Search for your bank</label>
<input id="q" type="search" name="q" value="${text(query)}" placeholder="Search for your bank" autocomplete="off">
${hiddenField("choose", "1")}${hiddenField("template", template)}<button type="submit">Search</button></form>
${list}</div>
<form class="block-content" method="post" action="${text(`${path}/cancel`)}">${hiddenField("template", template)}<button type="submit">Cancel</button></form>
</div>`;
  return renderPage({ title: "Choose your bank", body, look });
}

/** The stop before another address: the browser goes on by itself, or by the link. */
export function goingPage(look: Look | null, title: string, url: string, link: string): string {
  const body = `<div class="consent-content narrow"><div class="block-content" role="status">
<div class="waiting" aria-hidden="true"></div><h1>Please wait</h1><p class="lead">${text(title)}</p></div>
<div class="actions"><a class="button" href="${text(url)}">${text(link)}</a></div></div>`;
  return renderPage({ title: `Please wait: ${title}`, body, look, refresh: { url, seconds: 0 } });
}

const TICK =
  '<svg width="28" height="28" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"><path d="M5 13l4.5 4.5L19 7"/></svg>';
const DASH =
  '<svg width="28" height="28" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"><path d="M6 12h12"/></svg>';
const BANG =
  '<svg width="28" height="28" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"><path d="M12 6v7M12 17.5v.01"/></svg>';

const MARKS = {
  good: `<div class="mark" aria-hidden="true">${TICK}</div>`,
  quiet: `<div class="mark quiet" aria-hidden="true">${DASH}</div>`,
  warn: `<div class="mark warn" aria-hidden="true">${BANG}</div>`,
};

export interface Notice {
  mark: keyof typeof MARKS;
  title: string;
  /** Sentences of ours; others' text in them is escaped here. */
  says: readonly string[];
  actions?: readonly { label: string; href: string; primary?: boolean }[];
  refresh?: { url: string; seconds: number };
}

/** One message, and where to go from here. */
export function noticePage(look: Look | null, { mark, title, says, actions = [], refresh }: Notice): string {
  const links = actions.map(
    ({ label, href, primary }) =>
      `<a class="button${primary ? " primary" : ""}" href="${text(href)}">${text(label)}</a>`,
  );
  const body = `<div class="consent-content narrow"><div class="block-content">${MARKS[mark]}<h1>${text(title)}</h1>
${says.map((sentence) => `<p class="lead">${text(sentence)}</p>`).join("")}</div>
${links.length > 0 ? `<div class="actions">${links.join("")}</div>` : ""}</div>`;
  return renderPage({ title, body, look, ...(refresh ? { refresh } : {}) });
}

/** How a consent ended, for whoever opens its page then. */
export function outcomeOf(
  status: Exclude<ConsentStatus, "new" | "pending">,
  failureCode: string | null,
  app: string,
  bank: string | null,
): Pick<Notice, "mark" | "title" | "says"> {
  const where = bank ?? "your bank";
  switch (status) {
    case "authorized":
      return {
        mark: "good",
        title: "You are connected",
        says: [`${where} now shares your data with ${app}. You can close this page.`],
      };
    case "failed":
      return failureCode === "access_denied"
        ? {
            mark: "quiet",
            title: "You did not give permission",
            says: [`Nothing is shared with ${app}. You can close this page.`],
          }
        : {
            mark: "warn",
            title: "The connection did not work",
            says: [
              `${where} did not let us in. Nothing is shared. Ask ${app} for a new request to try again.`,
            ],
          };
    case "canceled":
      return {
        mark: "quiet",
        title: "This request has ended",
        says: [`Nothing is shared with ${app} by it any more.`],
      };
    case "expired":
      return {
        mark: "quiet",
        title: "This permission has expired",
        says: [`${app} gets no new data. Ask ${app} for a new request to connect again.`],
      };
  }
}
