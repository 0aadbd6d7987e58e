// How one asks a client of urql's, whatever it asks through.
export function asAsked(client, end) {
  return {
    async ask(text, variables = {}) {
      const answer = await (text.startsWith("query") ? client.query(text, variables) : client.mutation(text, variables));
      if (answer.error) throw answer.error;
      return answer.data;
    },
    listen(text, { next, error }) {
      const subscription = client
        .subscription(text, {})
        .subscribe((answer) => (answer.error ? error(answer.error) : next(answer.data)));
      return () => subscription.unsubscribe();
    },
    end,
  };
}
