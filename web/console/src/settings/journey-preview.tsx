/** The journey's head and button as they will be. The logo is not loaded: the console shows no pictures of others. */
import { Anchor, Box, Group, Text } from "@mantine/core";
import type { JourneySettings } from "../api/hosted-settings.ts";

const OWN_COLOR = "#4f46e5";

export function JourneyPreview({ dress }: { dress: JourneySettings }) {
  const isColor = dress.color !== null && /^#[0-9a-f]{6}$/.test(dress.color);
  const fill = isColor && dress.color !== null ? dress.color : OWN_COLOR;
  const name = dress.name ?? "Your organisation";
  const onFill = { background: fill, color: inkOn(fill) };
  return (
    <Box>
      <Text size="sm" fw={500} mb={4}>
        Preview
      </Text>
      <Box className="bb-preview" role="img" aria-label={`The journey of ${name} in ${fill}`}>
        <Group gap="sm" wrap="nowrap" className="bb-preview-head">
          <span className="bb-preview-sign" style={onFill}>
            {Array.from(name.trim())[0]?.toUpperCase()}
          </span>
          <Text fw={600} truncate>
            {name}
          </Text>
        </Group>
        <Box p="lg">
          <Text fw={650} size="lg">
            How do you want to share your statements?
          </Text>
          <Text size="sm" c="dimmed" mt={4} mb="md">
            Upload them, or connect your bank.
          </Text>
          <span className="bb-preview-button" style={onFill}>
            Continue
          </span>
          {dress.support_url === null ? null : (
            <Text size="sm" mt="md">
              <Anchor component="span" size="sm" underline="always">
                Help
              </Anchor>
            </Text>
          )}
        </Box>
      </Box>
      {dress.logo_url === null ? null : (
        <Text size="xs" c="dimmed" mt={6}>
          Your logo takes the place of the letter.
        </Text>
      )}
    </Box>
  );
}

/** White where it has 4.5:1 on this colour, else black: as the journey does it. */
function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16)),
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= 4.5 ? "#fff" : "#000";
}

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
