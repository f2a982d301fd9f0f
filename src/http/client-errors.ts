/**
 * Requests that end before they are whole: headers or bodies that trickle in, headers beyond Node's 16 KiB, bytes that
 * are no HTTP. Node gives us the socket alone, so the answer is written by hand, in the shape of the path if the path
 * had come already; then the socket is let go of.
 */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerError, type ErrorCode } from "./bankconnect/errors.ts";
import { ERRORS, errorBody, type ErrorCode as OpenBankingCode } from "./openbanking/errors.ts";

/** Milliseconds. */
export interface TimeLimits {
  /** Until the headers are whole; a connection on which nothing comes ends then, too. */
  headersMs: number;
  /** Until the body is whole. */
  requestMs: number;
  /** How often it is looked whether a limit has passed. */
  everyMs: number;
}

/** 20 MB in two minutes are 1.4 Mbit/s. */
export const TIME_LIMITS: TimeLimits = { headersMs: 60_000, requestMs: 120_000, everyMs: 5000 };

export interface ClientErrors {
  /** Fastify's `clientErrorHandler`. */
  handle(error: Error, socket: Socket): void;
  /** Lets a request that is cut off be answered in its shape. */
  watch(app: FastifyInstance): void;
  /** How a request that never became whole ended, for the log: `aborted` where the client left. */
  endOf(request: FastifyRequest): string;
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

const CODES: Record<string, ErrorCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TIMEOUT",
  HPE_HEADER_OVERFLOW: "HEADERS_TOO_LARGE",
};

export function createClientErrors(): ClientErrors {
  const underWay = new WeakMap<Socket, Exchange>();
  const cutOff = new WeakMap<FastifyRequest, ErrorCode>();
  return {
    endOf: (request) => cutOff.get(request) ?? "aborted",
    watch(app) {
      app.addHook("onRequest", (request, reply, done) => {
        underWay.set(request.raw.socket, { request, reply });
        done();
      });
      app.addHook("onResponse", (request, _reply, done) => {
        underWay.delete(request.raw.socket);
        done();
      });
    },
    handle(error, socket) {
      const exchange = underWay.get(socket);
      // What has been answered, on this connection or in part, cannot be answered again.
      const isAnswered = exchange ? exchange.reply.raw.headersSent : socket.bytesWritten > 0;
      const fault = "code" in error ? String(error.code) : "";
      if (!isAnswered && socket.writable && fault !== "ECONNRESET") {
        const code = CODES[fault];
        if (exchange && code) cutOff.set(exchange.request, code);
        socket.write(answerTo(exchange?.request, code ?? "INVALID_REQUEST"));
      }
      socket.destroySoon();
    },
  };
}

function answerTo(request: FastifyRequest | undefined, code: ErrorCode): string {
  const { status, body } = bodyOf(request, code);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...(request ? [`X-Request-Id: ${request.id}`] : []),
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${text}`;
}

/** The root of the host is the open-banking contract's. */
const OPEN_BANKING: Partial<Record<ErrorCode, OpenBankingCode>> = {
  REQUEST_TIMEOUT: "request_timeout",
  HEADERS_TOO_LARGE: "headers_too_large",
};

function bodyOf(request: FastifyRequest | undefined, code: ErrorCode): { status: number; body: object } {
  const ours = OPEN_BANKING[code];
  if (request && ours && !/^\/(bank-connect|console)\//.test(request.url))
    return { status: ERRORS[ours].status, body: errorBody(ours) };
  const shape = request?.routeOptions.config.shape ?? "envelope";
  const ids = { session_id: request?.uploadSession ?? "", statement_id: "" };
  return answerError(code, shape, {}, ids);
}
