package io.github.twiliospring.messaging.webhook;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The advertisement from which a conversation on WhatsApp was begun (the provider's page
 * "Twilio's request to your incoming message Webhook URL", "Click-to-WhatsApp").
 *
 * @param headline its headline (parameter {@code ReferralHeadline}), or {@code null}
 * @param body its text ({@code ReferralBody}), or {@code null}
 * @param source where it stands, or {@code null}
 * @param medium what it shows, or {@code null}
 * @param numMedia how many media it has ({@code ReferralNumMedia}), 0 where it isn't told
 * @param clickId the id of the click, for the advertiser's own reports
 * ({@code ReferralCtwaClid}), or {@code null}
 */
public record Referral(@Nullable String headline, @Nullable String body, @Nullable Source source,
		@Nullable Medium medium, int numMedia, @Nullable String clickId) {

	// Messages without an advertisement have ReferralNumMedia=0, too.
	private static final Referral NONE = new Referral(null, null, null, null, 0, null);

	static @Nullable Referral of(Map<String, List<String>> parameters) {
		Referral referral = new Referral(Parameters.first(parameters, "ReferralHeadline"),
				Parameters.first(parameters, "ReferralBody"), Source.of(parameters), Medium.of(parameters),
				Parameters.number(parameters, "ReferralNumMedia"), Parameters.first(parameters, "ReferralCtwaClid"));
		return referral.equals(NONE) ? null : referral;
	}

	@Override
	public String toString() {
		return "Referral[numMedia=" + this.numMedia + "]";
	}

	/**
	 * Where an advertisement stands.
	 *
	 * @param id its id at WhatsApp (parameter {@code ReferralSourceId}), or {@code null}
	 * @param type what it is, for example {@code ad} or {@code post}
	 * ({@code ReferralSourceType}), or {@code null}
	 * @param url where it can be seen ({@code ReferralSourceUrl}), or {@code null}
	 */
	public record Source(@Nullable String id, @Nullable String type, @Nullable String url) {

		private static final Source NONE = new Source(null, null, null);

		static @Nullable Source of(Map<String, List<String>> parameters) {
			Source source = new Source(Parameters.first(parameters, "ReferralSourceId"),
					Parameters.first(parameters, "ReferralSourceType"),
					Parameters.first(parameters, "ReferralSourceUrl"));
			return source.equals(NONE) ? null : source;
		}

		@Override
		public String toString() {
			return "Source[…]";
		}

	}

	/**
	 * What an advertisement shows.
	 *
	 * @param id its id at WhatsApp, which is no SID (parameter {@code ReferralMediaId}),
	 * or {@code null}
	 * @param contentType its media type ({@code ReferralMediaContentType}), or
	 * {@code null}
	 * @param url where its content is ({@code ReferralMediaUrl}), or {@code null}
	 */
	public record Medium(@Nullable String id, @Nullable String contentType, @Nullable String url) {

		private static final Medium NONE = new Medium(null, null, null);

		static @Nullable Medium of(Map<String, List<String>> parameters) {
			Medium medium = new Medium(Parameters.first(parameters, "ReferralMediaId"),
					Parameters.first(parameters, "ReferralMediaContentType"),
					Parameters.first(parameters, "ReferralMediaUrl"));
			return medium.equals(NONE) ? null : medium;
		}

		@Override
		public String toString() {
			return "Medium[…]";
		}

	}

}
