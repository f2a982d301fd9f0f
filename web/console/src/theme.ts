import {
  Anchor,
  Badge,
  Button,
  createTheme,
  DEFAULT_THEME,
  Modal,
  Paper,
  Table,
  Tooltip,
  type MantineColorsTuple,
} from "@mantine/core";

/** Each shade of text has at least 4.5:1 on its ground, in both schemes. */
const bell: MantineColorsTuple = [
  "#eef2ff",
  "#e0e7ff",
  "#c7d2fe",
  "#a5b4fc",
  "#818cf8",
  "#6366f1",
  "#4f46e5",
  "#4338ca",
  "#3730a3",
  "#312e81",
];

/** Mantine's own darkest shades have 3.6 to 4.3:1 on their lightest, which badges stand on. */
function darkest(shades: MantineColorsTuple, shade: string): MantineColorsTuple {
  const [a, b, c, d, e, f, g, h, i] = shades;
  return [a, b, c, d, e, f, g, h, i, shade];
}

export const theme = createTheme({
  primaryColor: "bell",
  primaryShade: { light: 6, dark: 6 },
  colors: {
    bell,
    teal: darkest(DEFAULT_THEME.colors.teal, "#065f46"),
    orange: darkest(DEFAULT_THEME.colors.orange, "#8a3303"),
    red: darkest(DEFAULT_THEME.colors.red, "#991b1b"),
  },
  defaultRadius: "md",
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: "650" },
  focusRing: "auto",
  cursorType: "pointer",
  components: {
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    Badge: Badge.extend({
      defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 550, miw: "max-content" },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: "md" } }),
    Modal: Modal.extend({ defaultProps: { centered: true, closeButtonProps: { "aria-label": "Close" } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: "sm", horizontalSpacing: "md" } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 200 } }),
    Anchor: Anchor.extend({ defaultProps: { underline: "hover" } }),
  },
});
