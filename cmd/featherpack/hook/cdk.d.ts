// featherpack for aws-cdk-lib 2.
import type { CfnResource, Duration } from 'aws-cdk-lib'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'

/** The keys of "build" in featherpack.yaml, for some functions only. */
export interface FeatherpackBuildOptions {
  readonly minify?: boolean
  readonly sourcemap?: 'external' | 'zip' | 'none'
  /** "runtime" leaves the AWS SDK v3 to Lambda. @default "bundle" */
  readonly sdk?: 'bundle' | 'runtime'
  /** "lambda" leaves out the SDK's credential providers that Lambda never uses. @default "all" */
  readonly sdkCredentials?: 'all' | 'lambda'
  /** Packages that a layer provides. */
  readonly external?: string[]
  /** Extra files, as globs relative to projectRoot; "!glob" excludes files. */
  readonly include?: string[]
  readonly keepNames?: 'auto' | 'always' | 'never' | boolean
  readonly target?: string
  readonly format?: 'auto' | 'cjs' | 'esm'
  readonly mainFields?: string[]
  readonly conditions?: string[]
  readonly define?: Record<string, string>
  readonly loader?: Record<string, string>
  readonly alias?: Record<string, string>
  readonly inject?: string[]
  readonly banner?: string
  readonly footer?: string
  readonly tsconfig?: string
  /** Go: build tags, linker flags, cgo. */
  readonly tags?: string[]
  readonly ldflags?: string[]
  readonly cgo?: boolean
}

export interface FeatherpackEntryOptions {
  /** Node: the name of the exported handler. @default "handler" */
  readonly handler?: string
  /** @default nodejs22.x, or provided.al2023 for a Go package */
  readonly runtime?: lambda.Runtime | string
  /** @default x86_64 */
  readonly architecture?: lambda.Architecture | string
  /** In MB; the boot check uses the same memory. */
  readonly memorySize?: number
  readonly timeout?: Duration
  /** Variables for the build (NODE_OPTIONS) and the boot check; bundle.function() also sets them on the function. */
  readonly environment?: Record<string, string>
  readonly build?: FeatherpackBuildOptions
}

export interface FeatherpackEntry extends FeatherpackEntryOptions {
  /** The source file, or the folder of a Go main package; relative to the working directory, or absolute. */
  readonly entry: string
}

export interface FeatherpackSharedOptions {
  /** The folder that contains all functions; their handlers are relative to it. @default the closest folder with a lockfile */
  readonly projectRoot?: string
  /** Installs packages from the lockfile first. @default false */
  readonly install?: boolean
  /** Starts every zip away from its source and fails the synthesis if one does not run. @default false */
  readonly boot?: boolean
  /** @default "best" */
  readonly compress?: 'fast' | 'default' | 'best'
  /** The featherpack binary. @default FEATHERPACK_BINARY, the npm package's, or the one on the PATH */
  readonly binary?: string
}

export interface FeatherpackBundleProps extends FeatherpackSharedOptions {
  /** The functions by name: only the source, or the source with options. */
  readonly entries: Record<string, string | FeatherpackEntry>
  /** The default for entries of the same family (Node or Go). */
  readonly runtime?: lambda.Runtime | string
  readonly architecture?: lambda.Architecture | string
  readonly environment?: Record<string, string>
  readonly build?: FeatherpackBuildOptions
}

export interface FeatherpackFunctionProps extends lambda.FunctionOptions {
  /** The entry it runs. @default the function's id */
  readonly entry?: string
  readonly code?: never
  readonly handler?: never
  readonly runtime?: never
  readonly architecture?: never
}

/** Code that featherpack builds when a function first needs it. */
export declare class FeatherpackCode extends lambda.Code {
  /** The code of one function. Entries that are declared before the first one is used are built in one call. */
  static fromEntry(entry: string, options?: FeatherpackEntryOptions & FeatherpackSharedOptions): FeatherpackCode
  private constructor()
  /** The handler, runtime and architecture that the function must have. */
  readonly handler: string
  readonly runtime: lambda.Runtime
  readonly architecture: lambda.Architecture
  readonly isInline: boolean
  bind(scope: Construct): lambda.CodeConfig
  bindToResource(resource: CfnResource, options?: lambda.ResourceBindOptions): void
}

/** All functions of an app, or of a part of it, built in one call when the first one is used. */
export declare class FeatherpackBundle extends Construct {
  /** Uses the id "Featherpack", so it works for one bundle in each scope. */
  constructor(scope: Construct, props: FeatherpackBundleProps)
  constructor(scope: Construct, id: string, props: FeatherpackBundleProps)
  /** The names of the declared entries. */
  readonly names: string[]
  /** The code of an entry, for any construct that accepts a lambda.Code. */
  code(name: string): FeatherpackCode
  /** Creates a function from the entry props.entry, by default the entry with the function's id. */
  function(scope: Construct, id: string, props?: FeatherpackFunctionProps): lambda.Function
  /** Clears the cache of builds, for programs that synthesize again after sources changed. */
  static clearCache(): void
}

/** An error whose message is complete and can be shown to the user. */
export declare class FeatherpackError extends Error {
  readonly code: 'FEATHERPACK'
}
