import { openStage, SCENES } from "../test/journey-scenes.ts";
import type { Stage } from "./screenshots.ts";

export const journeyStage: Stage = {
  name: "journey",
  open: async () => {
    const journeys = await openStage();
    const pictures = SCENES.map(({ name, link, play, shows }) => ({
      name,
      url: () => link(journeys),
      play: async (page: Parameters<NonNullable<typeof play>>[0]) => {
        await play?.(page, journeys);
        await page.getByText(shows).first().waitFor();
      },
    }));
    return { pictures, close: journeys.close };
  },
};
