/** What keeps a command from doing its work, in words for whoever started it: where in the program adds nothing. */
export class StartError extends Error {
  override name = "StartError";
}
