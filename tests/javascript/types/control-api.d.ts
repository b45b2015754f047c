// What `get("/campaigns")` answers, from the API's own description: made/control-api.d.ts is made of it at each check.
import type { components, paths } from "../made/control-api";

type Method = "get" | "post" | "put" | "delete";

/** "/api/campaigns/{campaign_id}" and `/campaigns/${string}` alike as "/campaigns/{}". */
type Part<Text> = string extends Text ? "{}" : Text extends `{${string}}` ? "{}" : Text;
type Parts<Path> = Path extends `${infer Head}/${infer Rest}` ? `${Part<Head>}/${Parts<Rest>}` : Part<Path>;
type Bare<Path> = Path extends `${infer Head}?${string}` ? Head : Path;
type Known = { [Path in keyof paths as Path extends `/api${infer Rest}` ? Parts<Rest> : never]: paths[Path] };

type Body<Response> = Response extends { content: { "application/json": infer Json } } ? Json : null;
type Done<Operation> = Operation extends { responses: infer All }
  ? { [Status in keyof All]: Status extends 200 | 201 | 204 ? Body<All[Status]> : never }[keyof All]
  : never;
/** `never` for a path that the API does not have: nothing can be read from it. */
type Answer<Verb extends Method, Path extends string> =
  Parts<Bare<Path>> extends infer Key ? (Key extends keyof Known ? Done<Known[Key][Verb]> : never) : never;

type Asked = { signal?: AbortSignal; isAside?: boolean };

declare global {
  /** One shape of the API, by its name in `/api/docs`. */
  type Shape<Name extends keyof components["schemas"]> = components["schemas"][Name];

  /** The calls of the platform's API: a path that is not there, or a field that the answer lacks, is an error. */
  interface ControlApi {
    session: { value: Shape<"Session"> | null | undefined };
    away: { value: "door" | "notice" | null };
    openSession(): Promise<void>;
    keepSession(): Promise<unknown>;
    showDoor(): void;
    closeDoor(): void;
    get<Path extends string>(path: Path, options?: Asked): Promise<Answer<"get", Path>>;
    post<Path extends string>(path: Path, body?: unknown, options?: Asked): Promise<Answer<"post", Path>>;
    put<Path extends string>(path: Path, body?: unknown): Promise<Answer<"put", Path>>;
    del<Path extends string>(path: Path, body?: unknown): Promise<Answer<"delete", Path>>;
  }

  type Topic = "campaigns" | "providers" | "events" | "messages" | "inbox";

  /** The data layer above these calls; see docs/howto/write-a-page.md. */
  interface ControlData {
    useData<Path extends string>(
      path: Path | null,
      topics?: readonly Topic[],
      options?: { everyMs?: number | null },
    ): {
      data: Answer<"get", Path> | undefined;
      // biome-ignore lint/suspicious/noExplicitAny: an ApiError, or what a browser threw
      error: any;
      isLoading: boolean;
      reload(): void;
      put(data: Answer<"get", Path>): void;
    };
    prefetch(path: string, topics?: readonly Topic[]): void;
    changed(...topics: Topic[]): void;
    write<Path extends string, Sent>(change: {
      path: Path;
      change(data: Answer<"get", Path>): Answer<"get", Path>;
      send(): Promise<Sent>;
      done?(answer: Sent): string;
      undo?(answer: Sent): (() => void) | null | undefined;
      failed?: string;
      topics?: readonly Topic[];
    }): Promise<Sent | undefined>;
  }
}
