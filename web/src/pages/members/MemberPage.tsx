import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { useMember } from "../../api/queries";
import type { MemberDetail } from "../../api/types";
import { countryName } from "../../app/countries";
import { Page } from "../../app/Page";
import { entityWord, languageWord } from "../../app/words";
import { Button, LinkButton } from "../../ui/Button";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Loaded } from "../../ui/Loaded";
import { Modal } from "../../ui/Modal";
import { PersonForm } from "./PersonForm";
import { SiteForm } from "./SiteForm";

export default function MemberPage() {
  const { t } = useLingui();
  const { memberId = "" } = useParams();
  const member = useMember(memberId);
  return (
    <Page
      title={member.data?.name ?? t`Member`}
      lead={member.data?.entity_types.map(entityWord).join(", ")}
      trail={
        <Link to="/members">
          <Trans>Members</Trans>
        </Link>
      }
      actions={
        <LinkButton to={`/validations/new?member=${memberId}`}>
          <Trans>New validation</Trans>
        </LinkButton>
      }
    >
      <Loaded query={member}>
        {(detail) => (
          <div className="stack">
            <Sites member={detail} />
            <People member={detail} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Sites({ member }: { member: MemberDetail }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  return (
    <section className="card" aria-labelledby="sites">
      <div className="card__head">
        <h2 id="sites">
          <Trans>Sites</Trans>
        </h2>
        <Button look="outline" small onClick={() => setAdding(true)}>
          <Trans>Add site</Trans>
        </Button>
      </div>
      {member.sites.length === 0 ? (
        <EmptyState heading={<Trans>No site yet</Trans>}>
          <Trans>A validation is held at a site; its time zone sets the clock of the sessions.</Trans>
        </EmptyState>
      ) : (
        <DataTable
          caption={t`Sites`}
          rows={member.sites}
          rowKey={(site) => site.id}
          columns={[
            { key: "name", header: t`Site`, cell: (site) => site.name },
            { key: "address", header: t`Address`, cell: (site) => site.address },
            { key: "country", header: t`Country`, cell: (site) => countryName(site.country) },
            { key: "zone", header: t`Time zone`, cell: (site) => site.time_zone },
          ]}
        />
      )}
      {adding && (
        <Modal heading={<Trans>Add site</Trans>} onClose={() => setAdding(false)}>
          <SiteForm memberId={member.id} onDone={() => setAdding(false)} />
        </Modal>
      )}
    </section>
  );
}

function People({ member }: { member: MemberDetail }) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  return (
    <section className="card" aria-labelledby="people">
      <div className="card__head">
        <h2 id="people">
          <Trans>People</Trans>
        </h2>
        <Button look="outline" small onClick={() => setAdding(true)}>
          <Trans>Add person</Trans>
        </Button>
      </div>
      {member.people.length === 0 ? (
        <EmptyState heading={<Trans>Nobody yet</Trans>}>
          <Trans>Add the contact and whoever will carry the camera; they join by a link and need no account.</Trans>
        </EmptyState>
      ) : (
        <DataTable
          caption={t`People`}
          rows={member.people}
          rowKey={(person) => person.id}
          columns={[
            { key: "name", header: t`Name`, cell: (person) => person.name },
            { key: "title", header: t`Position`, cell: (person) => person.title || "–" },
            { key: "email", header: t`E-mail address`, cell: (person) => person.email },
            { key: "language", header: t`Language`, cell: (person) => languageWord(person.language) },
          ]}
        />
      )}
      {adding && (
        <Modal heading={<Trans>Add person</Trans>} onClose={() => setAdding(false)}>
          <PersonForm memberId={member.id} onDone={() => setAdding(false)} />
        </Modal>
      )}
    </section>
  );
}
