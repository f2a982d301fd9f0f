/**
 * The one world of a test file, which its parts share. It is there in tests and in hooks inside a `describe`; another hook
 * at the top of a file would run beside this one.
 */
import { after, before } from "node:test";
import { openWorld, type World } from "./setup.ts";

export let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
