import type { Diagnostic, Report, ReportFunction } from './report'

export * from './report'

/** The options of every call. */
export interface Run {
  /** The service or repository; by default the working directory. */
  dir?: string
  /** The working directory that paths are relative to; by default the process's. */
  cwd?: string
  /** The featherpack binary to run instead of the installed one. */
  binary?: string
  /** Variables on top of the process's environment. */
  env?: Record<string, string>
}

/** How functions are found. */
export interface DiscoverOptions extends Run {
  /** The manifest or featherpack.yaml to use. */
  config?: string
  /** Source files that are functions, for projects without a manifest. */
  entry?: string | string[]
  /** The manifest's parameters. */
  params?: Record<string, string>
  /** The stage for the manifest's variables. */
  stage?: string
}

/** How functions are built; see featherpack build --help for details. */
export interface BuildOptions extends DiscoverOptions {
  /** Flags of GOFLAGS or ldflags to allow although they run or replace code, such as toolexec. */
  allowGoflag?: string | string[]
  /** With install, let the package manager run code that the repository names, such as yarnPath. */
  allowInstallCode?: boolean
  /** With install, run the lifecycle scripts of these packages. */
  allowScript?: string | string[]
  /** Files that may be in a zip although they hold secrets. */
  allowSecret?: string | string[]
  /** Allow modules outside the project's root. */
  allowOutside?: boolean
  /** Start functions even if the machine cannot contain them. */
  allowUncontained?: boolean
  /** Start every artifact away from its source, and fail if one does not run. */
  boot?: boolean
  /** Node to start with: system, auto (fetches the runtime's own) or a path. */
  bootNode?: string
  /** Print how long each stage took. */
  timings?: boolean
  /** A folder or a server (http, https, grpc, grpcs) that keeps built functions for later runs, or off. */
  cache?: string
  /** Also upload built functions to the server. Only for builds that are trusted. */
  cacheWrite?: boolean
  /** Constants of the cold-start model, as featherpack calibrate writes them. */
  coefficients?: string
  /** Percentage of the invocations that are cold. */
  coldShare?: number
  compress?: 'fast' | 'default' | 'best'
  /** A JSON file with the event to invoke functions with, for all functions or by function. */
  event?: string | Record<string, string>
  /** A folder with events named FUNCTION*.json. */
  events?: string
  /** Compress the unbundled files for an exact comparison. */
  exactBefore?: boolean
  /** A JSON file with the expected response, for all functions or by function. */
  expect?: string | Record<string, string>
  /** Install packages from the lockfile first, without lifecycle scripts. */
  install?: boolean
  /** Invocations of each function per month, to price its cold starts. */
  invocations?: number
  /** Build only functions whose name matches one of these globs. */
  only?: string | string[]
  /** The folder for the artifacts; by default .featherpack in dir. */
  out?: string
  /** Reports to write too: files by format, such as {markdown: 'pr.md'}. */
  output?: Record<string, string>
  /** Output of AWS Lambda Power Tuning, for all functions or by function's glob. */
  powerTuning?: string | Record<string, string>
  /** A price table that replaces the built-in one. */
  prices?: string
  /** Print only errors to stderr. */
  quiet?: boolean
  /** The region to price in. */
  region?: string
  /** The number of fresh processes to measure the load in. */
  runs?: number
  /** Build only part i of n of the functions, such as '2/8'. */
  shard?: string
  sourcemap?: 'external' | 'zip' | 'none'
  /** Keep the text of installed packages in source maps. */
  sourcemapPackages?: boolean
  /** With boot, fail also if it cannot be decided whether a function runs as its source. */
  strict?: boolean
  /** Also print notes to stderr. */
  verbose?: boolean
  /** Measure the tree-shaken step too. */
  waterfall?: boolean
}

/** What to compare with; see featherpack check --help for details. */
export interface CheckOptions extends BuildOptions {
  /** Build with cgo where build.cgo is true, although the base commit does not use cgo. */
  allowCgo?: boolean
  /** A saved report to judge instead of building. */
  built?: string
  /** A commit or branch to build and compare with. */
  compareRef?: string
  /** A saved report to compare with. */
  compareTo?: string
  /** Where to record the sizes of this commit: 'notes', or a file. */
  history?: string
  /** With boot: the number of pairs of fresh processes to measure each changed function's load in. */
  pairs?: number
  /** Also start each Node function's zip on these runtimes, such as 'nodejs24.x', and compare. */
  runtimes?: string | string[]
  /** Lower the budgets in featherpack.yaml to the current values. */
  updateBudgets?: boolean
}

export interface CheckResult {
  /** False if a budget is exceeded. */
  passed: boolean
  report: Report
}

/** A function as its manifest describes it, before it is built. */
export type DiscoveredFunction = Pick<
  ReportFunction,
  | 'id'
  | 'name'
  | 'service'
  | 'serviceDir'
  | 'codeDir'
  | 'format'
  | 'family'
  | 'runtime'
  | 'architecture'
  | 'memoryMB'
  | 'memoryUnknown'
  | 'timeoutSeconds'
  | 'handler'
  | 'wrapper'
  | 'entry'
  | 'environmentUnknown'
  | 'snapStart'
  | 'provisionedConcurrency'
  | 'enableSourceMaps'
  | 'compileCache'
  | 'events'
  | 'layers'
  | 'patterns'
  | 'build'
  | 'file'
  | 'line'
  | 'column'
>

export interface Project {
  dir: string
  /** A function that cannot be built has an empty entry, and a diagnostic says why. */
  functions: DiscoveredFunction[]
  skipped?: Report['skipped']
  diagnostics?: Diagnostic[]
}

/** The error of a rejected call. Its message states the problem and the remedy. */
export class FeatherpackError extends Error {
  readonly code: 'FEATHERPACK'
  /** The report of the failed run, if there is one. */
  readonly report?: Report
}

/** Builds every function. Rejects if one cannot be built; stderr says why. */
export function build(options?: BuildOptions): Promise<Report>

/** Builds, compares with a baseline and checks the budgets. */
export function check(options?: CheckOptions): Promise<CheckResult>

/** Lists the functions found. Changes nothing. */
export function discover(options?: DiscoverOptions): Promise<Project>
