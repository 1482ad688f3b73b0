// The runtime client. It loads the handler, requests events from the Runtime API
// and posts the answers, in the same order and format as Lambda's Node runtimes.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
import http from "node:http";
import util from "node:util";
import {
  InvalidStreamingOperation,
  UnhandledPromiseRejection,
  load,
  streamifyResponse,
} from "./loader.mjs";

// Read now, because the function's own code could change them.
const { AWS_LAMBDA_RUNTIME_API: address, _HANDLER: name, LAMBDA_TASK_ROOT: taskRoot } = process.env;
const major = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV)?.[1]);
const [hostname, port] = address.split(":");
// A source tree names its entry, and says whether that is an ES module.
const [entry, kind] = process.argv.splice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const { request } = http;
const cpuUsage = process.cpuUsage.bind(process);
const runtime = "/2018-06-01/runtime";

function call(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const post = (path, text, headers) =>
  call("POST", runtime + path, text, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    ...headers,
  });

function serialise(value) {
  let cause;
  try {
    return JSON.stringify(value === undefined ? null : value) ?? "";
  } catch (error) {
    cause = error;
  }
  const error = new Error("Unable to stringify response body", { cause });
  if (major >= 24) error.name = "Runtime.JSONStringifyError";
  throw error;
}

// describe returns the body with which an error is posted.
function describe(error) {
  const clean = (text) => text?.replaceAll("\x7f", "%7f");
  const looksLikeError = (e) =>
    typeof e?.name === "string" && typeof e?.message === "string" && typeof e?.stack === "string";
  try {
    if (error instanceof Error || util.types.isNativeError(error) || looksLikeError(error)) {
      return {
        errorType: clean(error.name),
        errorMessage: clean(error.message),
        trace: clean(error.stack)?.split("\n") ?? [],
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: "handled", errorMessage: "the error's name, message or stack cannot be read", trace: [] };
  }
}

function postError(path, error) {
  console.error(path === "/init/error" ? "Init Error" : "Invoke Error", error);
  const described = describe(error);
  const type = String(described.errorType).replace(/[^\x20-\x7e]/g, "?");
  return post(path, JSON.stringify(described), { "Lambda-Runtime-Function-Error-Type": type });
}

const invocation = (id) => `/invocation/${encodeURIComponent(id)}`;

// contextOf returns the context object. The properties that only runtimes up to 22
// have are added below.
function contextOf(headers) {
  const deadline = Number.parseInt(headers["lambda-runtime-deadline-ms"], 10);
  const parsed = (header) => (headers[header] ? JSON.parse(headers[header]) : undefined);
  const trace = headers["lambda-runtime-trace-id"];
  if (trace) process.env._X_AMZN_TRACE_ID = trace;
  else delete process.env._X_AMZN_TRACE_ID;
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed("lambda-runtime-client-context"),
    identity: parsed("lambda-runtime-cognito-identity"),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// The first request for an event tells how much processor time the handler's load took,
// without the start of the process. What measures a bundle from within may print then.
let before;
function cost() {
  if (!before) return {};
  const { user, system } = cpuUsage(before);
  before = undefined;
  globalThis[Symbol.for("featherpack.loaded")]?.();
  return { "Featherpack-Load-Micros": user + system };
}

async function next() {
  const { headers, body } = await call("GET", `${runtime}/invocation/next`, undefined, cost());
  return { context: contextOf(headers), event: () => JSON.parse(body) };
}

// idle is called when the event loop is empty. A callback handler's answer waits
// for that.
let idle;
process.on("beforeExit", () => {
  const act = idle;
  idle = undefined;
  act?.();
});

// legacy is for nodejs22.x and older. A promise, a callback, context.done, or an
// empty event loop ends an invocation. Unhandled errors are posted before the
// process exits.
function legacy(loaded) {
  let failing = (error) => postError("/init/error", error);
  const end = (status) => () => process.exit(status);
  process.on("uncaughtException", (error) => failing(error).then(end(129), end(129)));
  process.on("unhandledRejection", (reason) => {
    const error = new UnhandledPromiseRejection(reason);
    error.reason = reason;
    failing(error).then(end(128), end(128));
  });
  const again = () => setImmediate(() => once().catch((error) => failing(error).then(end(129), end(129))));

  async function once() {
    const { context, event } = await next();
    const id = context.awsRequestId;
    failing = (error) => postError(`${invocation(id)}/error`, error);
    if (loaded.streaming) return await stream(loaded, context, event, withLoop({}), again);

    let finished = false;
    const answer = (value) => {
      try {
        post(`${invocation(id)}/response`, serialise(value)).then(again);
      } catch (error) {
        failing(error).then(again);
      }
    };
    const first = (act) => (...values) => {
      if (finished) return;
      finished = true;
      idle = undefined;
      act(...values);
    };
    const given = (value) => value !== undefined && value !== null;
    const done = (error, value) => (given(error) ? failing(error).then(again) : answer(value));
    const controls = withLoop({
      done: first(done),
      succeed: first((value) => answer(value)),
      fail: first((error) => done(given(error) ? error : "handled")),
    });
    const callback = first((error, value) => {
      if (given(error)) failing(error).then(again);
      else if (controls.callbackWaitsForEmptyEventLoop) idle = () => setImmediate(answer, value);
      else answer(value);
    });
    idle = first(() => answer(null));
    try {
      const result = loaded.handler(event(), Object.assign(controls, context), callback);
      if (typeof result?.then === "function") result.then(controls.succeed, controls.fail);
    } catch (error) {
      callback(error);
    }
  }
  again();
}

function withLoop(controls) {
  controls.callbackWaitsForEmptyEventLoop = true;
  return controls;
}

// modern is for nodejs24.x and newer. Only the handler's return value is the
// answer. An unhandled exception ends the process, as Node does by default.
async function modern(loaded) {
  for (;;) {
    const { context, event } = await next();
    const path = invocation(context.awsRequestId);
    if (loaded.streaming) {
      await stream(loaded, context, event, {}, () => {});
      continue;
    }
    try {
      const text = serialise(await loaded.handler(event(), context));
      await new Promise(setImmediate);
      await post(`${path}/response`, text);
    } catch (error) {
      await postError(`${path}/error`, error);
    }
  }
}

// stream sends a streaming answer while the handler writes it. An error after the
// answer has begun is sent in the trailers.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
async function stream(loaded, context, event, controls, again) {
  const { facade, fail, delivered } = responseStream(context.awsRequestId, loaded.highWaterMark);
  idle = again;
  try {
    const result = loaded.handler(event(), facade, Object.assign(controls, context));
    if (typeof result?.then !== "function") throw complaint("Streaming does not support non-async handlers.");
    if ((await result) !== undefined) console.warn("Streaming handlers ignore return values.");
    await delivered;
    if (!facade.writableFinished) throw complaint("Response stream is not finished.");
  } catch (error) {
    console.error("Invoke Error", error);
    await fail(error);
  }
  if (!controls.callbackWaitsForEmptyEventLoop) {
    idle = undefined;
    again();
  }
}

// complaint makes an error. Older runtimes throw only the text, which they report
// with the type "string".
const complaint = (text) => (major >= 24 ? new Error(text) : text);

const methods = [
  "write", "end", "destroy", "cork", "uncork",
  "on", "once", "off", "emit", "addListener", "removeListener", "removeAllListeners",
  "prependListener", "prependOnceListener", "listeners", "rawListeners", "listenerCount",
  "eventNames", "getMaxListeners", "setMaxListeners", "setContentType",
];
const settable = ["destroyed", "writable", "_onBeforeFirstWrite"];
const readable = [
  "writableFinished", "writableObjectMode", "writableEnded", "writableNeedDrain",
  "writableHighWaterMark", "writableCorked", "writableLength",
];

// responseStream gives the handler the writable side of the request, not the
// request itself.
function responseStream(id, highWaterMark) {
  const sent = request({
    hostname, port, agent, highWaterMark,
    method: "POST",
    path: `${runtime}${invocation(id)}/response`,
    headers: {
      "Lambda-Runtime-Function-Response-Mode": "streaming",
      "Transfer-Encoding": "chunked",
      "Content-Type": "application/octet-stream",
      Trailer: "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body",
    },
  });
  const delivered = new Promise((resolve, reject) => {
    sent.on("response", (response) => response.on("error", reject).on("end", resolve).resume());
    sent.on("error", reject);
  });
  delivered.catch(() => {});

  let started = false;
  const write = sent.write.bind(sent);
  sent.write = (chunk, encoding, callback) => {
    const plain = typeof chunk === "string" || chunk instanceof Uint8Array;
    if (!started && typeof sent._onBeforeFirstWrite === "function") sent._onBeforeFirstWrite((part) => write(part));
    started = true;
    return write(plain ? chunk : JSON.stringify(chunk), encoding, callback);
  };
  sent.setContentType = (type) => {
    if (started) throw new InvalidStreamingOperation("Cannot set content-type, too late.");
    sent.setHeader("Content-Type", type);
  };

  const facade = {};
  for (const method of methods) facade[method] = sent[method].bind(sent);
  for (const key of settable) {
    Object.defineProperty(facade, key, { get: () => sent[key], set: (value) => void (sent[key] = value) });
  }
  for (const key of readable) Object.defineProperty(facade, key, { get: () => sent[key] });

  const fail = async (error) => {
    const described = describe(error);
    if (!sent.writableEnded) {
      sent.addTrailers({
        "Lambda-Runtime-Function-Error-Type": String(described.errorType).replace(/[^\x20-\x7e]/g, "?"),
        "Lambda-Runtime-Function-Error-Body": Buffer.from(JSON.stringify(described)).toString("base64"),
      });
      sent.end();
    }
    await delivered.catch(() => {});
  };
  return { facade, fail, delivered };
}

// HttpResponseStream writes the status and headers, then eight NUL bytes, before
// the body.
class HttpResponseStream {
  static from(underlying, prelude) {
    underlying.setContentType("application/vnd.awslambda.http-integration-response");
    underlying._onBeforeFirstWrite = (write) => {
      write(JSON.stringify(prelude));
      write(new Uint8Array(8));
    };
    return underlying;
  }
}

if (!["1", "true"].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA)) {
  globalThis.awslambda = { ...globalThis.awslambda, streamifyResponse, HttpResponseStream };
}

let loaded;
before = cpuUsage();
try {
  loaded = await load(taskRoot, name, major, entry && { file: entry, module: kind === "module" });
} catch (error) {
  await postError("/init/error", error);
  process.exit(major >= 24 ? 1 : 129);
}
if (major >= 24) modern(loaded);
else legacy(loaded);
