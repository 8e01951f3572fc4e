/** What the caller's thread and a printing thread say to each other. */
import type { ErrorParameters, Language } from "@yagura/core/errors.ts";
import type { DocumentKind } from "./shapes.ts";

export interface Order {
  readonly kind: DocumentKind;
  readonly content: unknown;
  readonly language: Language;
}

export type Answer =
  | { readonly bytes: Uint8Array }
  | { readonly code: string; readonly parameters: ErrorParameters }
  | { readonly failed: string };
