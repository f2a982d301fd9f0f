/** Entry of a worker thread. */

import { readStatements } from "../read.ts";
import { serve } from "./serve.ts";

await serve(readStatements);
