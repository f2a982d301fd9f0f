/** The API reference as the server writes it, in the console's frame; `/docs` shows the same by itself. */
import { Anchor } from "@mantine/core";
import { Page } from "../parts/page.tsx";

export function ReferencePage() {
  return (
    <Page
      title="API reference"
      about={
        <>
          Every call of both contracts, with examples. Also by itself at{" "}
          <Anchor href="/docs" target="_blank" underline="always">
            /docs
          </Anchor>
          , and as{" "}
          <Anchor href="/openapi.json" target="_blank" underline="always">
            OpenAPI 3.1
          </Anchor>
          .
        </>
      }
    >
      <iframe className="bb-pages" src="/docs" title="API reference" />
    </Page>
  );
}
