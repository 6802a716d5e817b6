import check from "icon:verified_user";
import lock from "icon:visibility_off";
import { Trans, useLingui } from "@lingui/react/macro";
import { useDeferredValue, useState } from "react";
import type { Entry } from "../../live/entries";
import type { CaseState } from "../../live/state";
import { Icon } from "../../ui/Icon";
import { criterionOf, ENTRY_KINDS, type EntryKind, entryKind, entryTime, entryWord, kindWord } from "./words";

interface EntriesProps {
  entries: readonly Entry[];
  state: CaseState;
  zone: string;
  /** Entries covered by the newest signed checkpoint; 0 for none. */
  covered: number;
  /** Not given where there is nothing to seek in. */
  onSeek?: (at: string) => void;
}

/** The ledger in the words of people: who did what and when, and what vouches for it. */
export function Entries({ entries, state, zone, covered, onSeek }: EntriesProps) {
  const { t } = useLingui();
  const [kind, setKind] = useState<EntryKind | "">("");
  const [person, setPerson] = useState("");
  const [words, setWords] = useState("");
  const sought = useDeferredValue(words.trim().toLowerCase());
  const people = [...new Set(entries.flatMap((entry) => (entry.actor ? [entry.actor.name] : [])))].sort();
  const shown = entries.filter(
    (entry) =>
      (kind === "" || (entry.tag !== null && entryKind(entry.tag) === kind)) &&
      (person === "" || entry.actor?.name === person) &&
      (sought === "" || matches(entry, state, sought)),
  );
  return (
    <div className="entries">
      <div className="entries__filters">
        <select
          className="usa-select"
          aria-label={t`Kind`}
          value={kind}
          onChange={(event) => setKind(ENTRY_KINDS.find((one) => one === event.currentTarget.value) ?? "")}
        >
          <option value="">{t`Everything`}</option>
          {ENTRY_KINDS.map((one) => (
            <option key={one} value={one}>
              {kindWord(one)}
            </option>
          ))}
        </select>
        <select
          className="usa-select"
          aria-label={t`Person`}
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
        >
          <option value="">{t`Everybody`}</option>
          {people.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <input
          className="usa-input"
          type="search"
          aria-label={t`Search the entries`}
          placeholder={t`Search`}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      <p className="quiet" role="status">
        {t`${shown.length} of ${entries.length} entries`}
      </p>
      <ol className="entries__list">
        {shown.map((entry) => (
          <Line key={entry.seq} entry={entry} state={state} zone={zone} covered={covered} {...(onSeek && { onSeek })} />
        ))}
      </ol>
    </div>
  );
}

function matches(entry: Entry, state: CaseState, sought: string): boolean {
  const criterion = criterionOf(entry) ?? "";
  return criterion === sought || entryWord(entry, state).toLowerCase().includes(sought);
}

type LineProps = Omit<EntriesProps, "entries"> & { entry: Entry };

function Line({ entry, state, zone, covered, onSeek }: LineProps) {
  const { t } = useLingui();
  const what = entryWord(entry, state);
  return (
    <li className="entry">
      <span className="entry__time">{entryTime(entry, zone)}</span>
      <span className="entry__what">
        {onSeek ? (
          <button type="button" className="usa-button usa-button--unstyled" onClick={() => onSeek(entry.at)}>
            {what}
          </button>
        ) : (
          what
        )}
        <span className="quiet">{entry.actor ? ` ${entry.actor.name}` : ""}</span>
      </span>
      <span className="entry__proof" title={t`Commitment ${entry.commitment}`}>
        {entry.entry_class === "government" && (
          <>
            <Icon outline={lock} size="1em" />
            <span className="sr-only">
              <Trans>For the government alone</Trans>
            </span>
          </>
        )}
        {entry.seq < covered && (
          <>
            <Icon outline={check} size="1em" />
            <span className="sr-only">{t`in the signed checkpoint of ${covered} entries`}</span>
          </>
        )}
        {entry.seq}
      </span>
    </li>
  );
}
