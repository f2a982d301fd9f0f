import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { call } from "../api/client.ts";
import { me } from "../api/queries.ts";
import type { Invitation } from "../api/types.ts";
import { CardPage } from "../parts/card-page.tsx";
import { ErrorNote } from "../parts/faults.tsx";
import { AccountFields, passwordFault } from "../parts/password-fields.tsx";

const enter = () => location.assign("/console/");

export function InvitationPage() {
  const { id } = useParams({ from: "/invitation/$id" });
  const invitation = useQuery({
    queryKey: ["invitation", id],
    queryFn: () => call<Invitation>(`/invitations/${encodeURIComponent(id)}`),
  });
  const { data } = invitation;
  if (!data) {
    return (
      <CardPage title="Your invitation">
        {invitation.isPending ? <Skeleton height={160} /> : <ErrorNote error={invitation.error} />}
      </CardPage>
    );
  }
  return (
    <CardPage
      title={`Join ${data.organisation}`}
      about={
        <>
          {data.inviter} invites <b>{data.email}</b> as {data.role}.
        </>
      }
    >
      {data.has_account ? <Accept id={id} email={data.email} /> : <NewAccount id={id} />}
    </CardPage>
  );
}

function NewAccount({ id }: { id: string }) {
  const form = useForm({ initialValues: { name: "", password: "" }, validate: { password: passwordFault } });
  const accept = useMutation({
    mutationFn: (account: typeof form.values) => call(`/invitations/${id}/accept`, { json: { account } }),
    onSuccess: enter,
  });
  return (
    <form onSubmit={form.onSubmit((values) => accept.mutate(values))}>
      <Stack>
        <ErrorNote error={accept.error} />
        <AccountFields form={form} />
        <Button type="submit" size="md" loading={accept.isPending} fullWidth>
          Join
        </Button>
      </Stack>
    </form>
  );
}

function Accept({ id, email }: { id: string; email: string }) {
  const whoIsIn = useQuery({ ...me, retry: false });
  const accept = useMutation({
    mutationFn: () => call(`/invitations/${id}/accept`, { json: {} }),
    onSuccess: enter,
  });
  if (whoIsIn.isPending) return <Skeleton height={80} />;
  if (whoIsIn.data?.user.email !== email) {
    return (
      <Stack>
        <Alert color="bell">
          <Text size="sm">There is an account with {email}: sign in with it, and you come back here.</Text>
        </Alert>
        <Button
          component="a"
          href={`/console/sign-in?to=${encodeURIComponent(`/invitation/${id}`)}`}
          fullWidth
        >
          Sign in
        </Button>
      </Stack>
    );
  }
  return (
    <Stack>
      <ErrorNote error={accept.error} />
      <Button size="md" fullWidth loading={accept.isPending} onClick={() => accept.mutate()}>
        Join as {whoIsIn.data.user.name}
      </Button>
    </Stack>
  );
}
