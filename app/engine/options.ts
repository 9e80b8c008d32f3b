/** All that an engine is told; it asks its host for nothing. Paths are absolute. */
export interface EngineOptions {
  readonly version: string;
  /** The library's directory; made when missing. */
  readonly library: string;
  /** Model that ships with the program. */
  readonly starterModel: string;
  /** `columns.onnx`: the matrix product of exact search. */
  readonly columnsGraph: string;
  /** `vocabulary.json`: the words that models are compared with. */
  readonly vocabulary: string;
  /** `catalogue.json`: the models that can be downloaded. */
  readonly catalogue: string;
  /** Folder of downloaded models, and of what was measured of this machine; shared by libraries. */
  readonly models: string;
  /**
   * Where it is kept what the person has approved, outside of every library, and the program's own data, below which libraries
   * need no approval. Null approves everything: for whoever opens a library in a process of their own.
   */
  readonly approvals: { readonly folder: string; readonly data: string } | null;
  /** Program of the worker processes, and the Node that runs it when it is not the engine's own. */
  readonly worker: { readonly entry: string; readonly execPath?: string };
  /** Cores that indexing and search may use. */
  readonly threads: number;
}
