/** The word of an attribute of a device; one that this portal does not know is told by its name. */
import type { useWords } from "@yagura/portal/language.tsx";
import { attributes, type Attribute } from "../../wire/vocabulary.ts";
import type { assetWords } from "./words.ts";

const isAttribute = (name: string): name is Attribute => (attributes as readonly string[]).includes(name);

export const attributeName = (name: string, t: ReturnType<typeof useWords<typeof assetWords>>): string =>
  isAttribute(name) ? t(`attribute.${name}`) : name;
