/** Roles in the reader's language, wherever a value may be one. */
import { useWords } from "@yagura/portal/language.tsx";
import { roles, type Role } from "../../analysis/model.ts";
import { words } from "../words.ts";

export const isRole = (value: string): value is Role => (roles as readonly string[]).includes(value);

/** A value of an attribute as people read it: roles by their word, a switch and its port, nothing as a dash. */
export function useAttributeValue(): (attribute: string, value: string | null) => string {
  const w = useWords(words);
  return (attribute, value) => {
    if (value === null || value === "") return "–";
    if (attribute === "attached-to") return value.replace("|", " · ");
    return attribute === "role" && isRole(value) ? w(`role.${value}`) : value;
  };
}
