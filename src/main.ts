/** The command line. Each command loads only what it needs: `extract` starts no server. */
import { ConfigError } from "./config.ts";
import { StartError } from "./start-error.ts";

export interface Io {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
  /** Where the caller stands: what relative paths are relative to (npm itself changes folder). */
  cwd: string;
}

/** 0 done, 1 failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

interface Command {
  usage: string;
  what: string;
  run(argv: string[], io: Io): Promise<ExitCode>;
}

const COMMANDS: Record<string, Command> = {
  serve: {
    usage: "serve [--roles http,jobs,deliveries]",
    what: "Run the server.",
    run: async (argv, io) => (await import("./serve-command.ts")).runServe(argv, io),
  },
  migrate: {
    usage: "migrate",
    what: "Bring the database to the newest schema and stop.",
    run: async (argv, io) => (await import("./database-commands.ts")).runMigrate(argv, io),
  },
  settings: {
    usage: "settings [set NAME VALUE] [--env env_…]",
    what: "Show or change how strict the BankConnect contract is here.",
    run: async (argv, io) => (await import("./settings-command.ts")).runSettings(argv, io),
  },
  backup: {
    usage: "backup FILE",
    what: "Write the whole database to one file.",
    run: async (argv, io) => (await import("./database-commands.ts")).runBackup(argv, io),
  },
  restore: {
    usage: "restore FILE",
    what: "Read a backup into an empty database.",
    run: async (argv, io) => (await import("./database-commands.ts")).runRestore(argv, io),
  },
  extract: {
    usage: "extract FILE… [--password P] [--format table|json|csv] [--report out.html]",
    what: "Read statements without a server.",
    run: async (argv, io) => (await import("./extract-command.ts")).runExtract(argv, io),
  },
  listen: {
    usage: "listen [--port N] [--secret whsec_…]",
    what: "Receive webhooks here, verify and print them.",
    run: async (argv, io) => (await import("./listen-command.ts")).runListen(argv, io),
  },
  trigger: {
    usage: "trigger EVENT_TYPE",
    what: "Record a sample event, delivered like any other.",
    run: async (argv, io) => (await import("./trigger-command.ts")).runTrigger(argv, io),
  },
  demo: {
    usage: "demo",
    what: "Play the whole story here, with invented data.",
    run: async (argv, io) => (await import("./demo-command.ts")).runDemo(argv, io),
  },
  doctor: {
    usage: "doctor",
    what: "Check this installation and say what is wrong.",
    run: async (argv, io) => (await import("./doctor-command.ts")).runDoctor(argv, io),
  },
};

function help(): string {
  const width = Math.max(...Object.values(COMMANDS).map((command) => command.usage.length));
  const lines = Object.values(COMMANDS).map(
    ({ usage, what }) => `  bankbell ${usage.padEnd(width)}  ${what}`,
  );
  return `Bankbell: bank data in, verified; a signed webhook out.\n\n${lines.join("\n")}\n`;
}

async function main(argv: string[], io: Io): Promise<ExitCode> {
  const [name = "", ...rest] = argv;
  if (["help", "--help", "-h"].includes(name)) {
    io.stdout.write(help());
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    io.stderr.write(name ? `There is no command ${JSON.stringify(name)}.\n\n${help()}` : help());
    return 2;
  }
  // extract says more of itself.
  if (name !== "extract" && rest.some((word) => word === "--help" || word === "-h")) {
    io.stdout.write(`Usage: bankbell ${command.usage}\n\n${command.what}\n`);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StartError) io.stderr.write(`${error.message}\n`);
    else io.stderr.write(`${describe(error, io.env["BANKBELL_LOG_LEVEL"] === "debug")}\n`);
    return 1;
  }
}

/** What went wrong in words; where in the program it did only for those who ask. */
function describe(error: unknown, whole: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return whole ? (error.stack ?? error.message) : `${error.message} (BANKBELL_LOG_LEVEL=debug says where)`;
}

// `bankbell extract … | head` closes our output early: that ends us, and is no fault (128 + SIGPIPE).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(141);
  throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.env["INIT_CWD"] ?? process.cwd(),
});
