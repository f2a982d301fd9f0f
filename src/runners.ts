/**
 * Which jobs run beside which. A job that waits for a bank may wait for a minute, and there may be hundreds of them:
 * extraction, deliveries and payments must not stand behind them.
 */
import type { Connect } from "./connect/context.ts";
import { bankCron, bankTasks, connectCron, connectTasks } from "./connect/jobs.ts";
import { paymentCron, paymentTasks } from "./connect/payments/jobs.ts";
import type { Intake } from "./intake/context.ts";
import { intakeCron, intakeTasks } from "./intake/jobs.ts";
import { netBankingTasks } from "./intake/net-banking/fetch.ts";
import type { JobOptions } from "./platform/jobs.ts";
import { deliveryCron, deliveryTasks } from "./webhooks/jobs.ts";
import { replayTasks } from "./webhooks/replay.ts";

export interface RunnerPlan extends Pick<JobOptions, "tasks" | "cron" | "concurrency"> {
  name: string;
  /** To the database, for taking jobs; what a job itself asks goes through the process's own pool. */
  connections: number;
}

/** In all: 15 connections of each process; the embedded server takes 100. */
export const runnersOf = (intake: Intake, connect: Connect): RunnerPlan[] => [
  {
    name: "jobs",
    tasks: {
      ...intakeTasks(intake),
      ...connectTasks(connect),
      ...replayTasks(intake),
      ...deliveryTasks(intake),
    },
    cron: [...intakeCron, ...connectCron, ...deliveryCron],
    concurrency: 2,
    connections: 5,
  },
  {
    name: "payments",
    tasks: paymentTasks(connect),
    cron: paymentCron,
    concurrency: 5,
    connections: 5,
  },
  {
    name: "banks",
    tasks: { ...bankTasks(connect), ...netBankingTasks(intake) },
    cron: bankCron,
    concurrency: 5,
    connections: 5,
  },
];
