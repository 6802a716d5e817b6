import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "../app/Page";
import { LinkButton } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";

export default function NotFound() {
  const { t } = useLingui();
  return (
    <Page title={t`Page not found`}>
      <EmptyState
        heading={<Trans>There is no page at this address, or it is not open to you.</Trans>}
        action={
          <LinkButton to="/" look="outline">
            <Trans>Go to Home</Trans>
          </LinkButton>
        }
      />
    </Page>
  );
}
