/** What `extract` says to people of how a file was made. */

import type { FindingReason } from "./statement/fraud/types.ts";

/** What was seen; docs/fraud.md says what it means and what not. */
export const REASONS: Readonly<Record<FindingReason, string>> = {
  producer_is_editor: "The file was written by an editor.",
  creator_is_editor: "Its pages were laid out in an editor.",
  earlier_producer_is_editor: "An earlier version of it was written by an editor.",
  rewritten_by_tool: "It was printed, unlocked or saved again by a tool.",
  unlike_the_bank: "The bank is known to use another program.",
  modified_after_creation: "It was changed days after it was made.",
  modified_before_creation: "It says that it was changed before it was made.",
  made_before_its_last_row: "It was made before the last day that it tells of.",
  page_content_replaced: "A later version inside the file draws pages anew.",
  updated_after_writing: "Something was added to the file after it was written; its pages are as they were.",
  amount_in_another_font: "An amount is in a font that paints nothing else in the document.",
  amount_of_another_size: "An amount is of another size than its column.",
  amount_over_amount: "One amount is painted over another.",
  pages_touched_by_program: "Some pages, and not all, bear the private data of a program.",
  page_in_other_fonts: "The amounts of one page are in other fonts than those of the rest.",
};
