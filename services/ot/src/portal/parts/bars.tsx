/** Small charts of bars: a row's course of time in a table, and days with what each is made of. Zero based. */
import type { ReactNode } from "react";
import { useFormat } from "@yagura/portal/language.tsx";

const WIDTH = 96;
const HEIGHT = 20;

/** Heights from 0 to 1 of the greatest. */
export function SparkBars({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}): ReactNode {
  const top = Math.max(...values, 0) || 1;
  const each = WIDTH / Math.max(1, values.length);
  const bars = values.map((value, i) => ({
    x: i * each + 0.5,
    height: value === 0 ? 0 : Math.max(1, (value / top) * (HEIGHT - 2)),
  }));
  return (
    <svg
      className="ot-spark"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {bars.map(({ x, height }) => (
        <rect key={x} x={x} y={HEIGHT - 1 - height} width={Math.max(0.5, each - 1)} height={height} />
      ))}
    </svg>
  );
}

export interface Bar {
  readonly id: string;
  /** Below the bar. */
  readonly name: string;
  /** What the reader is told of it. */
  readonly label: string;
  /** From the bottom up. */
  readonly parts: readonly { readonly name: string; readonly count: number }[];
}
const DAY_HEIGHT = 96;
/** From here on a phone has no room for every name. */
const MANY = 16;

/** Days or hours side by side; the table behind it is for readers without the picture. */
export function Bars({
  bars,
  caption,
  heads,
  say,
}: {
  readonly bars: readonly Bar[];
  readonly caption: string;
  readonly heads: readonly string[];
  /** The figure at the top; plain without. */
  readonly say?: (count: number) => string;
}): ReactNode {
  const format = useFormat();
  const top = Math.max(...bars.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0)), 1);
  return (
    <figure className="ot-days">
      <div className={bars.length > MANY ? "ot-days-plot ot-days-many" : "ot-days-plot"} aria-hidden="true">
        <span className="ot-days-top small soft figures">{(say ?? format.number)(top)}</span>
        {bars.map(({ id, name: axis, label, parts }) => (
          <div key={id} className="ot-day" title={label}>
            <div className="ot-day-bar">
              {parts
                .toReversed()
                .map(({ name, count }) =>
                  count === 0 ? null : (
                    <div
                      key={name}
                      className={`ot-day-part ot-day-${name}`}
                      style={{ blockSize: `${Math.max(2, (count / top) * DAY_HEIGHT)}px` }}
                    />
                  ),
                )}
            </div>
            <span className="ot-day-name small soft figures">{axis}</span>
          </div>
        ))}
      </div>
      <figcaption className="unseen">
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map(({ id, label, parts }) => (
              <tr key={id}>
                <th scope="row">{label}</th>
                {parts.map(({ name, count }) => (
                  <td key={name}>{count}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </figcaption>
    </figure>
  );
}
