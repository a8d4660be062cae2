export type Audit = {
  /** 0 to 100, by the name of the category. */
  readonly scores: Readonly<Record<string, number>>
  /** What kept a score from being full. */
  readonly lost: readonly string[]
}

/** What Lighthouse says of a page in the browser that listens at `port`, with its own mobile profile. */
export declare function audit(url: string, port: number): Promise<Audit>
