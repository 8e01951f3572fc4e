/** The list of keys, opened with `?`. */
import type { ReactNode } from "react";
import { useWords } from "../language.tsx";
import { shell } from "../messages/shell.ts";
import { Dialog } from "../parts/dialog.tsx";

export function HelpDialog({ close }: { readonly close: () => void }): ReactNode {
  const t = useWords(shell);
  const keys: readonly (readonly [string, readonly string[]])[] = [
    [t("help.search"), ["Ctrl", "K"]],
    [t("help.filter"), ["/"]],
    [t("help.move"), ["j", "k", "↓", "↑"]],
    [t("help.ends"), ["Home", "End"]],
    [t("help.open"), ["Enter"]],
    [t("help.actions"), ["."]],
    [t("help.close"), ["Esc"]],
    [t("help.help"), ["?"]],
  ];
  return (
    <Dialog title={t("help.title")} close={close}>
      <dl className="keys">
        {keys.map(([what, how]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {how.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
