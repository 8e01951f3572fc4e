/** A choice of one service, kept in the address by the page. */
import type { ReactNode } from "react";
import { useWords } from "../../language.tsx";
import { useServices } from "../data.ts";
import { contractWords } from "../words/contracts.ts";

interface Props {
  /** Empty: all services. */
  readonly service: string;
  readonly choose: (service: string) => void;
}
export function ServiceChoice({ service, choose }: Props): ReactNode {
  const t = useWords(contractWords);
  const services = useServices();
  return (
    <label className="choice">
      <span className="unseen">{t("col.service")}</span>
      <select className="input" value={service} onChange={(event) => choose(event.target.value)}>
        <option value="">{t("list.allServices")}</option>
        {services.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
