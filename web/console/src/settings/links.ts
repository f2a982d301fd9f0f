/** As the server checks them: `http/console/hosted-settings.ts`. */
const hasProtocol = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol);

/** Nothing is fine, too. */
export const isSupportLink = (text: string): boolean =>
  text === "" || hasProtocol(text, ["https:", "mailto:"]);
export const isLogoLink = (text: string): boolean => text === "" || hasProtocol(text, ["https:"]);
export const isOrigin = (text: string): boolean =>
  hasProtocol(text, ["https:", "http:"]) && new URL(text).origin === text;
