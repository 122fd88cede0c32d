package io.github.twiliospring.messaging.simulator.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;

import io.github.twiliospring.messaging.simulator.engine.Account;
import io.github.twiliospring.messaging.simulator.engine.ApiException;
import io.github.twiliospring.messaging.simulator.engine.World;
import io.github.twiliospring.messaging.simulator.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * HTTP Basic: account SID and auth token, those of a subaccount's owner, or API key and
 * secret with the account SID in the path. Unless strict, an account, subaccount or key
 * that's new is taken as it comes, and holds from then on.
 */
final class Authentication {

	private static final Pattern ACCOUNT_SID = Pattern.compile("AC[0-9a-fA-F]{32}");

	private static final Pattern KEY_SID = Pattern.compile("SK[0-9a-fA-F]{32}");

	private final String defaultToken;

	Authentication(String defaultToken) {
		this.defaultToken = defaultToken;
	}

	Account authenticate(World world, Request request, String accountSid) {
		String[] credentials = credentials(request.header("authorization"));
		if (credentials == null || credentials[1].isEmpty() || !ACCOUNT_SID.matcher(accountSid).matches()) {
			throw ApiException.unauthorized();
		}
		String user = credentials[0];
		String secret = credentials[1];
		Account account = world.account(accountSid);
		if (account == null && world.settings().manners().strict()) {
			throw ApiException.unauthorized();
		}
		if (KEY_SID.matcher(user).matches()) {
			return byKey(world, (account != null) ? account : world.open(accountSid, this.defaultToken), user, secret);
		}
		return user.equals(accountSid) ? byToken(world, account, accountSid, secret)
				: byOwner(world, account, accountSid, user, secret);
	}

	private static Account byToken(World world, @Nullable Account account, String accountSid, String secret) {
		if (account == null) {
			return world.open(accountSid, secret);
		}
		if (!same(account.authToken(), secret)) {
			throw ApiException.unauthorized();
		}
		return account;
	}

	private static Account byOwner(World world, @Nullable Account account, String accountSid, String ownerSid,
			String secret) {
		Account owner = world.account(ownerSid);
		if (!ACCOUNT_SID.matcher(ownerSid).matches() || (account != null && !account.ownerSid().equals(ownerSid))
				|| (owner == null && world.settings().manners().strict())) {
			throw ApiException.unauthorized();
		}
		owner = byToken(world, owner, ownerSid, secret);
		if (account != null) {
			return account;
		}
		Account subaccount = world.open(accountSid, owner.authToken());
		subaccount.setOwnerSid(ownerSid);
		return subaccount;
	}

	private static Account byKey(World world, Account account, String key, String secret) {
		String known = account.apiKeys().get(key);
		if (known == null && !world.settings().manners().strict()) {
			account.apiKeys().put(key, secret);
		}
		else if (known == null || !same(known, secret)) {
			throw ApiException.unauthorized();
		}
		return account;
	}

	private static String @Nullable [] credentials(@Nullable String header) {
		if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
			return null;
		}
		try {
			String decoded = new String(Base64.getDecoder().decode(header.substring(6).strip()),
					StandardCharsets.UTF_8);
			int colon = decoded.indexOf(':');
			return (colon < 0) ? null : new String[] { decoded.substring(0, colon), decoded.substring(colon + 1) };
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static boolean same(String one, String other) {
		return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
	}

}
