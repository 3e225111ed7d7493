// Signing in with an account elsewhere. `just sso` does so with a provider that others have written.
import { expect, labels, Person, password, test } from './story';

test('somebody new signs up with an account elsewhere, and comes back with it @once', async ({ sso, visitor }) => {
  const ann = new Person(visitor.name, visitor.page, sso.at, visitor.scripts);
  await ann.open('/sign-in');
  await ann.page.getByRole('link', { name: labels.corp }).click();
  await sso.provider.enter(ann.page, ann.name);
  await expect(ann.field('/sign-in/new', 'username')).toHaveValue(ann.name);
  await ann.press('/sign-in/new');
  await expect(ann.page).toHaveURL(`${sso.at}/rooms`);

  await ann.page.context().clearCookies();
  await ann.open('/friends');
  await ann.page.getByRole('link', { name: labels.corp }).click();
  await sso.provider.enter(ann.page, ann.name);
  await expect(ann.page).toHaveURL(`${sso.at}/friends`);
  // Nothing else would let them in, so it stays.
  await ann.open('/profile');
  await ann.unfold('sso');
  await ann.page.locator('#sso form button').click();
  await expect(ann.alert).toHaveText(/\w+.*\.$/);
});

test('an account here is connected by its password, and disconnected @once', async ({ sso, join, visitor }) => {
  const ann = await join('ann', sso.at);
  await ann.open('/profile');
  await ann.unfold('sso');
  await ann.page.getByRole('link', { name: labels.club }).click();
  await sso.provider.enter(ann.page, 'ann');
  await ann.submit('/sign-in/connect', { password: 'not the password' });
  await expect(ann.alert).toHaveText(/\w+.*\.$/);
  await ann.submit('/sign-in/connect', { password });
  await expect(ann.page).toHaveURL(`${sso.at}/profile?sso=connected`);
  await expect(ann.notice).toHaveText(/\w+.*\.$/);

  const again = new Person(ann.name, visitor.page, sso.at, visitor.scripts);
  await again.open('/sign-in');
  await again.page.getByRole('link', { name: labels.club }).click();
  await sso.provider.enter(again.page, 'ann');
  await expect(again.page).toHaveURL(`${sso.at}/rooms`);

  await ann.page.locator('#sso form button').click();
  await expect(ann.page).toHaveURL(`${sso.at}/profile?sso=removed`);
  await expect(ann.page.locator('#sso form')).toHaveCount(0);
});
