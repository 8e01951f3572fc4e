/** The name of a channel: the one that was made by itself is called in the reader's language. */
import { firstChannelName } from "@yagura/alerts/shapes.ts";
import type { Language } from "../words.ts";

const first: readonly string[] = Object.values(firstChannelName);
export const channelName = (name: string, language: Language): string =>
  first.includes(name) ? firstChannelName[language] : name;
