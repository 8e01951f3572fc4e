/** What each tab of the settings is handed. */
import type { Settings } from "../../wire/api-rules.ts";
import type { Draft } from "./draft.ts";

export interface PartProps {
  readonly settings: Settings;
  readonly draft: Draft;
  readonly set: (draft: Draft) => void;
  readonly may: boolean;
}
