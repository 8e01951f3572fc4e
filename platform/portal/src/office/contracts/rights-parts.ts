/** What the parts about seats, tickets and insurance have in common. */
import { useWords } from "../../language.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useRefresh } from "../../queries.ts";
import { contractWords } from "../words/contracts.ts";

export interface PartProps<T> {
  readonly shown: T;
  /** API path of the contract. */
  readonly path: string;
}
export interface DialogProps {
  readonly path: string;
  readonly close: () => void;
}
export function useSaved({ path, close }: DialogProps): () => void {
  const c = useWords(contractWords);
  const toast = useToast();
  const refresh = useRefresh();
  return () => {
    toast(c("act.done"));
    refresh([path]);
    close();
  };
}
