import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WILDCARD_REASON, type WildcardReason } from '../wildcard.ts';

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  Condition?: string;
}

/** The parts of a CloudFormation template that the local stack reads. */
export interface Template {
  Resources: Record<string, TemplateResource>;
  Parameters?: Record<string, { Type: string; Default?: unknown }>;
  Conditions?: Record<string, unknown>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Outputs?: Record<string, { Value: unknown; Condition?: string }>;
}

/** A container image of the assembly: the folder that Docker would build. */
export interface ImageAsset {
  folder: string;
  dockerfile: string;
}

/** One synthesized stack with its assets, as `cdk synth` leaves it on disk. */
export interface Assembly {
  stackName: string;
  template: Template;
  /** Construct paths by logical id, without the stack: `Functions/send/Function/Resource`. */
  paths: ReadonlyMap<string, string>;
  /** Folder of a Lambda's code by its S3 key in the assets bucket. */
  fileAssets: ReadonlyMap<string, string>;
  /** Image folders by image tag. */
  imageAssets: ReadonlyMap<string, ImageAsset>;
  /** Why a right with a wildcard is as narrow as it can be, as the constructs say it. */
  wildcardReasons: readonly PlacedReason[];
}

/** A reason with the path of the construct that gave it, without the stack. */
export interface PlacedReason extends WildcardReason {
  place: string;
}

/** The assembly lacks something, or holds something that this machine can't run. */
export class AssemblyError extends Error {
  readonly code = 'assembly_unusable';
}

interface Artifact {
  type: string;
  properties?: Record<string, unknown>;
  metadata?: Metadata;
  additionalMetadataFile?: string;
}

interface Manifest {
  artifacts: Record<string, Artifact>;
}

interface AssetManifest {
  files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>;
  dockerImages?: Record<
    string,
    { source: { directory?: string; dockerFile?: string }; destinations: Record<string, { imageTag: string }> }
  >;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

type Metadata = Record<string, { type: string; data?: unknown }[]>;

const placeOf = (path: string): string => path.split('/').slice(2).join('/');

/** Which construct made each resource, from the assembly's metadata. */
function loadPaths(metadata: Metadata): Map<string, string> {
  const entries = Object.entries(metadata).flatMap(([path, facts]) => {
    const logicalId = facts.find(({ type }) => type === 'aws:cdk:logicalId')?.data;
    return typeof logicalId === 'string' ? [[logicalId, placeOf(path)] as const] : [];
  });
  return new Map(entries);
}

function loadReasons(metadata: Metadata): PlacedReason[] {
  return Object.entries(metadata).flatMap(([path, facts]) =>
    facts
      .filter(({ type }) => type === WILDCARD_REASON)
      .map(({ data }) => ({ place: placeOf(path), ...(data as WildcardReason) })),
  );
}

function loadAssets(folder: string, files: string[]): Pick<Assembly, 'fileAssets' | 'imageAssets'> {
  const fileAssets = new Map<string, string>();
  const imageAssets = new Map<string, ImageAsset>();
  for (const file of files) {
    const manifest = readJson(join(folder, file)) as AssetManifest;
    for (const { source, destinations } of Object.values(manifest.files ?? {})) {
      if (source.path === undefined) continue;
      for (const { objectKey } of Object.values(destinations)) fileAssets.set(objectKey, resolve(folder, source.path));
    }
    for (const { source, destinations } of Object.values(manifest.dockerImages ?? {})) {
      if (source.directory === undefined) continue;
      const asset = { folder: resolve(folder, source.directory), dockerfile: source.dockerFile ?? 'Dockerfile' };
      for (const { imageTag } of Object.values(destinations)) imageAssets.set(imageTag, asset);
    }
  }
  return { fileAssets, imageAssets };
}

/**
 * Reads the one stack of a cloud assembly folder.
 * @throws AssemblyError when the folder is no assembly or holds not exactly one stack.
 */
export function loadAssembly(folder: string): Assembly {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new AssemblyError(`${folder} is no cloud assembly: it has no manifest.json`);
  const manifest = readJson(path) as Manifest;
  const stacks = Object.entries(manifest.artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new AssemblyError(`${folder} holds ${stacks.length} stacks; the local stack runs exactly one`);
  }
  const [artifactId, { properties = {}, metadata = {}, additionalMetadataFile }] = stack;
  const { templateFile, stackName } = properties as { templateFile: string; stackName?: string };
  const facts =
    additionalMetadataFile === undefined ? metadata : (readJson(join(folder, additionalMetadataFile)) as Metadata);
  const assetFiles = Object.values(manifest.artifacts)
    .filter(({ type }) => type === 'cdk:asset-manifest')
    .map((artifact) => String(artifact.properties?.['file']));
  return {
    stackName: stackName ?? artifactId,
    template: readJson(join(folder, templateFile)) as Template,
    paths: loadPaths(facts),
    wildcardReasons: loadReasons(facts),
    ...loadAssets(folder, assetFiles),
  };
}

/**
 * The folder with a function's code.
 * @throws AssemblyError when the asset is missing, empty or an archive.
 */
export function codeFolder(assembly: Assembly, s3Key: string): string {
  const folder = assembly.fileAssets.get(s3Key);
  if (folder === undefined || !existsSync(folder)) throw new AssemblyError(`the assembly has no code asset ${s3Key}`);
  if (!statSync(folder).isDirectory()) throw new AssemblyError(`the code asset ${folder} is an archive, not a folder`);
  if (readdirSync(folder).length === 0) throw new AssemblyError(`the code asset ${folder} is empty`);
  return folder;
}

/** The image that an image URI names by its tag. */
export function imageAsset(assembly: Assembly, imageUri: string): ImageAsset {
  const asset = assembly.imageAssets.get(imageUri.slice(imageUri.lastIndexOf(':') + 1));
  if (asset === undefined) throw new AssemblyError(`the image ${imageUri} is not an asset of the assembly`);
  return asset;
}

/** Parts of a construct path that name no one. */
const NAMELESS = new Set(['Resource', 'Default', 'Function', 'Task', 'TaskDef', 'Table', 'Queue']);

/** A short name for people: `send` for `Functions/send/Function/Resource`. The logical id where the assembly has no path. */
export function displayName(assembly: Assembly, logicalId: string): string {
  const parts = assembly.paths.get(logicalId)?.split('/') ?? [];
  return parts.findLast((part) => !NAMELESS.has(part)) ?? logicalId;
}
