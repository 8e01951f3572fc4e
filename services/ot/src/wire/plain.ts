/**
 * Names come from networks. What breaks lines, is not seen or writes backwards (CVE-2021-42574) makes one name look like another
 * on a page, in a mail and in a report; control characters are refused at the door (MetadataText).
 */
const unfit = /[\u0080-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** The text with a replacement character where such a mark was: two names that differ stay two. */
export const plainText = (text: string): string => text.replaceAll(unfit, "\ufffd");
