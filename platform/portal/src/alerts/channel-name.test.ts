import { expect, test } from "vitest";
import { firstChannelName } from "@yagura/alerts/shapes.ts";
import { channelName } from "./channel-name.ts";

test("the channel that was made by itself has its name in the reader's language, a name of one's own stays", () => {
  expect(channelName(firstChannelName.en, "ja")).toBe(firstChannelName.ja);
  expect(channelName(firstChannelName.ja, "en")).toBe(firstChannelName.en);
  expect(channelName("夜間", "en")).toBe("夜間");
});
