import type { Diagnostic, Report, ReportFunction } from './report'

export * from './report'

/** What every call takes. */
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
  /** Source files that are functions, where no manifest says so. */
  entry?: string | string[]
  /** The manifest's parameters. */
  params?: Record<string, string>
  /** The stage for the manifest's variables. */
  stage?: string
}

/** How functions are built; featherpack build --help says more of each. */
export interface BuildOptions extends DiscoverOptions {
  /** Flags of GOFLAGS or ldflags that run or replace code, such as toolexec, to let in. */
  allowGoflag?: string | string[]
  /** Take in modules that lie outside the project's root. */
  allowOutside?: boolean
  /** Start functions even where the machine cannot contain them. */
  allowUncontained?: boolean
  /** Start every artifact away from its source, and fail if one does not run. */
  boot?: boolean
  /** Node to start with: system, auto (fetches the runtime's own) or a path. */
  bootNode?: string
  /** Constants of the cold-start model, as featherpack calibrate writes them. */
  coefficients?: string
  /** Percent of the invocations that are cold. */
  coldShare?: number
  compress?: 'fast' | 'default' | 'best'
  /** The JSON file of an event to ask with, for all functions or by function. */
  event?: string | Record<string, string>
  /** Compress the unbundled files for an exact comparison. */
  exactBefore?: boolean
  /** The JSON file of the answer that must come, for all functions or by function. */
  expect?: string | Record<string, string>
  /** Install packages by lockfile first, without lifecycle scripts. */
  install?: boolean
  /** Invocations of each function a month, to price its starts. */
  invocations?: number
  /** Build only functions whose name matches one of these globs. */
  only?: string | string[]
  /** The folder for the artifacts; by default .featherpack in dir. */
  out?: string
  /** Reports to write too: files by format, such as {markdown: 'pr.md'}. */
  output?: Record<string, string>
  /** Output of AWS Lambda Power Tuning, for all functions or by function's glob. */
  powerTuning?: string | Record<string, string>
  /** A table of prices in place of the built-in one. */
  prices?: string
  /** Tell errors only, on stderr. */
  quiet?: boolean
  /** The region to price in. */
  region?: string
  /** Fresh processes to measure the load in. */
  runs?: number
  sourcemap?: 'external' | 'zip' | 'none'
  /** Keep the text of installed packages in source maps. */
  sourcemapPackages?: boolean
  /** Tell notes too, on stderr. */
  verbose?: boolean
  /** Measure the tree-shaken step too. */
  waterfall?: boolean
}

/** What to compare with; featherpack check --help says more. */
export interface CheckOptions extends BuildOptions {
  /** A commit or branch to build and compare with. */
  compareRef?: string
  /** A saved report to compare with. */
  compareTo?: string
  /** With boot: pairs of fresh processes to measure each changed function's load in. */
  pairs?: number
  /** Lower the budgets in featherpack.yaml to what is reached. */
  updateBudgets?: boolean
}

export interface CheckResult {
  /** False where a budget is exceeded. */
  passed: boolean
  report: Report
}

/** A function as its manifest tells of it, before it is built. */
export type DiscoveredFunction = Pick<
  ReportFunction,
  | 'name'
  | 'service'
  | 'serviceDir'
  | 'codeDir'
  | 'format'
  | 'family'
  | 'runtime'
  | 'architecture'
  | 'memoryMB'
  | 'timeoutSeconds'
  | 'handler'
  | 'entry'
  | 'environmentUnknown'
  | 'snapStart'
  | 'provisionedConcurrency'
  | 'enableSourceMaps'
  | 'layers'
  | 'patterns'
  | 'build'
  | 'file'
  | 'line'
  | 'column'
>

export interface Project {
  dir: string
  /** One that cannot be built has an empty entry, and a diagnostic says why. */
  functions: DiscoveredFunction[]
  skipped?: Report['skipped']
  diagnostics?: Diagnostic[]
}

/** What a call rejects with: the fact and its remedy, for people. */
export class FeatherpackError extends Error {
  readonly code: 'FEATHERPACK'
  /** What a run that failed reports, where it came that far. */
  readonly report?: Report
}

/** Builds every function. Rejects where one cannot be built; why is told on stderr. */
export function build(options?: BuildOptions): Promise<Report>

/** Builds, compares with a baseline and judges the budgets. */
export function check(options?: CheckOptions): Promise<CheckResult>

/** Lists the functions found; changes nothing. */
export function discover(options?: DiscoverOptions): Promise<Project>
