package io.github.twiliospring.messaging.webhook;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an incoming message says, from forms as the provider posts them (from its pages
 * and other public sources, with other numbers, names and SIDs).
 */
class IncomingMessageTests {

	private static final String SMS = "ToCountry=US&ToState=CA&SmsMessageSid=SM1342fe1b2c904d1ab04f0fc7a58abca9"
			+ "&NumMedia=0&ToCity=SAUSALITO&FromZip=94103&SmsSid=SM1342fe1b2c904d1ab04f0fc7a58abca9"
			+ "&FromState=CA&SmsStatus=received&FromCity=SAN+FRANCISCO&Body=I+need+late+checkout&FromCountry=US"
			+ "&To=%2B15017122661&ToZip=94965&NumSegments=1&MessageSid=SM1342fe1b2c904d1ab04f0fc7a58abca9"
			+ "&AccountSid=AC0123456789abcdef0123456789abcdef&From=%2B15558675310&ApiVersion=2010-04-01";

	private static final String SMS_WITHOUT_PLACES = "ToCountry=AU&ToState=&NumMedia=0&ToCity=&FromZip=&FromState="
			+ "&SmsStatus=received&FromCity=&Body=Hello&FromCountry=&To=%2B61439560703&ToZip=&NumSegments=1"
			+ "&MessageSid=SM2342fe1b2c904d1ab04f0fc7a58abca9&AccountSid=AC0123456789abcdef0123456789abcdef"
			+ "&From=%2B61449929558&ApiVersion=2010-04-01";

	private static final String BUTTON = "OriginalRepliedMessageSender=whatsapp%3A%2B14155238886"
			+ "&ExternalUserId=whatsapp%3AID.4566546130240823&SmsMessageSid=SM8824d91645395b17594d92659b878468"
			+ "&FrequentlyForwarded=false&NumMedia=0&ProfileName=Jo+Doe&MessageType=interactive"
			+ "&SmsSid=SM8824d91645395b17594d92659b878468&WaId=15558675310&SmsStatus=received&Body=Konfirmasi"
			+ "&Forwarded=false&ButtonText=Konfirmasi&To=whatsapp%3A%2B14155238886"
			+ "&ButtonPayload=%7BverifyEmail%3Ajo%40example.com%7D&NumSegments=1&ReferralNumMedia=0"
			+ "&MessageSid=SM8824d91645395b17594d92659b878468&AccountSid=AC0123456789abcdef0123456789abcdef"
			+ "&OriginalRepliedMessageSid=MM5cc44eecf7dab0d48d4529d0fa4af44d&ChannelMetadata=%7B%22type%22%3A%22"
			+ "whatsapp%22%2C%22data%22%3A%7B%22context%22%3A%7B%22ButtonText%22%3A%22Konfirmasi%22%7D%7D%7D"
			+ "&From=whatsapp%3A%2B15558675310&ApiVersion=2010-04-01";

	private static final String LOCATION = "To=whatsapp%3A%2B14155238886&Body=&From=whatsapp%3A%2B15558675310"
			+ "&WaId=15558675310&Latitude=25.018766403198&Longitude=-77.395950317383&NumMedia=0"
			+ "&MessageSid=SMed5ffcfab3da6bbbccdd8866fe793744&AccountSid=AC0123456789abcdef0123456789abcdef"
			+ "&MessageType=location&ProfileName=Jo+Doe";

	private static final String REFERRAL = "MessageSid=SM3342fe1b2c904d1ab04f0fc7a58abca9"
			+ "&AccountSid=AC0123456789abcdef0123456789abcdef&From=whatsapp%3A%2B15558675310"
			+ "&To=whatsapp%3A%2B14155238886&Body=Hello&NumMedia=0&ReferralNumMedia=1"
			+ "&ReferralBody=Learn+more+about+our+company&ReferralHeadline=Send+us+a+message"
			+ "&ReferralSourceId=118588094077142&ReferralSourceType=post"
			+ "&ReferralSourceUrl=https%3A%2F%2Ffb.me%2Fxyz123"
			+ "&ReferralMediaId=e420b130-f934-4acf-a5e6-f964f776bxyz&ReferralMediaContentType=image%2Fjpeg"
			+ "&ReferralMediaUrl=https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FMedia%2FME1"
			+ "&ReferralCtwaClid=ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7JwFF4XvnO2E4Nx0";

	private static final String LIST = "MessageSid=SM4342fe1b2c904d1ab04f0fc7a58abca9"
			+ "&AccountSid=AC0123456789abcdef0123456789abcdef&From=whatsapp%3A%2B15558675310"
			+ "&To=whatsapp%3A%2B14155238886&Body=Denver&MessageType=interactive&ListId=flight-2&ListTitle=Denver"
			+ "&ListDescription=Sale+on+Thursday&ReferralNumMedia=0";

	@Test
	void tellsWhereBothNumbersBelong() {
		IncomingMessage message = read(SMS);
		assertThat(message.origin()).isEqualTo(new Place("SAN FRANCISCO", "CA", "94103", "US"));
		assertThat(message.destination()).isEqualTo(new Place("SAUSALITO", "CA", "94965", "US"));
		assertThat(read(SMS_WITHOUT_PLACES).origin()).isNull();
		assertThat(read(SMS_WITHOUT_PLACES).destination()).isEqualTo(new Place(null, null, null, "AU"));
	}

	@Test
	void hasNoGroupThatAnSmsDoesNotBring() {
		for (IncomingMessage message : new IncomingMessage[] { read(SMS), read(SMS_WITHOUT_PLACES) }) {
			assertThat(message.location()).isNull();
			assertThat(message.profile()).isNull();
			assertThat(message.button()).isNull();
			assertThat(message.listItem()).isNull();
			assertThat(message.repliedMessage()).isNull();
			assertThat(message.referral()).isNull();
			assertThat(message.optOutType()).isNull();
			assertThat(message.messageType()).isNull();
			assertThat(message.channelMetadata()).isNull();
			assertThat(message.forwarded() || message.frequentlyForwarded()).isFalse();
			assertThat(message.media()).isEmpty();
		}
	}

	@Test
	void showsThePressedButtonAndTheMessageThatItBelongsTo() {
		IncomingMessage message = read(BUTTON);
		assertThat(message.button()).isEqualTo(new ButtonReply("Konfirmasi", "{verifyEmail:jo@example.com}"));
		assertThat(message.repliedMessage())
			.isEqualTo(new RepliedMessage("MM5cc44eecf7dab0d48d4529d0fa4af44d", "whatsapp:+14155238886"));
		assertThat(message.profile())
			.isEqualTo(new SenderProfile("Jo Doe", "15558675310", "whatsapp:ID.4566546130240823"));
		assertThat(message.messageType()).isEqualTo("interactive");
		assertThat(message.channelMetadata())
			.isEqualTo("{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ButtonText\":\"Konfirmasi\"}}}");
	}

	@Test
	void takesNoMediaOfAReferralForNoReferral() {
		assertThat(read(BUTTON).referral()).isNull();
		assertThat(read(BUTTON.replace("ReferralNumMedia=0", "ReferralNumMedia=many")).referral()).isNull();
	}

	@Test
	void showsTheItemThatWasPickedFromAList() {
		assertThat(read(LIST).listItem()).isEqualTo(new ListReply("flight-2", "Denver", "Sale on Thursday"));
		assertThat(read(LIST).button()).isNull();
	}

	@Test
	void showsTheAdvertisementOfAReferral() {
		Referral referral = read(REFERRAL).referral();
		assertThat(referral.headline()).isEqualTo("Send us a message");
		assertThat(referral.body()).isEqualTo("Learn more about our company");
		assertThat(referral.source()).isEqualTo(new Referral.Source("118588094077142", "post", "https://fb.me/xyz123"));
		assertThat(referral.medium()).isEqualTo(new Referral.Medium("e420b130-f934-4acf-a5e6-f964f776bxyz",
				"image/jpeg", "https://api.twilio.com/2010-04-01/Media/ME1"));
		assertThat(referral.numMedia()).isOne();
		assertThat(referral.clickId())
			.isEqualTo("ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7JwFF4XvnO2E4Nx0");
		Referral bare = read("MessageSid=SM1&AccountSid=AC1&From=a&To=b&ReferralCtwaClid=c").referral();
		assertThat(bare).isEqualTo(new Referral(null, null, null, null, 0, "c"));
	}

	@Test
	void showsASharedLocationWithAndWithoutItsAddress() {
		assertThat(read(LOCATION).location()).isEqualTo(new Location(25.018766403198, -77.395950317383, null, null));
		assertThat(read(LOCATION + "&Address=187+Freston+Road%2C+London&Label=The+Harrow+Club").location())
			.isEqualTo(new Location(25.018766403198, -77.395950317383, "187 Freston Road, London", "The Harrow Club"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "north", "NaN", "Infinity", "-Infinity", "0x1p3", "25d", "25,5", "90.1", "-91", "1e400",
			"1e999999999", "%2025", "25%C2%B0", "", "25.0187664031982501876640319825018766403198N" })
	void leavesOutALatitudeThatIsNoneAndKeepsTheMessage(String latitude) {
		IncomingMessage message = read(LOCATION.replace("25.018766403198", latitude));
		assertThat(message.location()).isEqualTo(new Location(null, -77.395950317383, null, null));
		assertThat(message.parameters().get("Latitude")).hasSize(1);
		IncomingMessage nothing = read(
				LOCATION.replace("25.018766403198", latitude).replace("-77.395950317383", "east"));
		assertThat(nothing.location()).isNull();
		assertThat(nothing.parameter("Longitude")).isEqualTo("east");
	}

	@ParameterizedTest
	@CsvSource({ "90,180", "-90,-180", "0,0", "-0.0000001,1e1" })
	void takesEveryPlaceOnEarth(String latitude, String longitude) {
		Location location = read(LOCATION.replace("25.018766403198", latitude).replace("-77.395950317383", longitude))
			.location();
		assertThat(location.latitude()).isEqualTo(Double.parseDouble(latitude));
		assertThat(location.longitude()).isEqualTo(Double.parseDouble(longitude));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "STOP,STOP", "START,START", "HELP,HELP", "stop,STOP", "PAUSE,UNKNOWN", "%20,UNKNOWN", "'',none" })
	void tellsTheOptOutType(String value, OptOutType type) {
		assertThat(read(SMS + "&OptOutType=" + value).optOutType()).isEqualTo(type);
	}

	@Test
	void tellsWhetherAMessageWasForwarded() {
		IncomingMessage once = read(BUTTON.replace("&Forwarded=false", "&Forwarded=true"));
		assertThat(once.forwarded()).isTrue();
		assertThat(once.frequentlyForwarded()).isFalse();
		IncomingMessage often = read(BUTTON.replace("FrequentlyForwarded=false", "FrequentlyForwarded=true")
			.replace("&Forwarded=false", "&Forwarded=perhaps"));
		assertThat(often.forwarded()).isFalse();
		assertThat(often.frequentlyForwarded()).isTrue();
	}

	@Test
	void readsAMediumOnlyWhereTheFormSaysSo() {
		IncomingMessage message = read(SMS.replace("NumMedia=0", "NumMedia=2")
				+ "&MediaUrl0=https%3A%2F%2Fm.example.com%2F0&MediaContentType0=image%2Fpng");
		assertThat(message.media()).containsExactly(new IncomingMessage.Media("https://m.example.com/0", "image/png"));
		assertThat(read(SMS.replace("NumMedia=0", "NumMedia=-1")).media()).isEmpty();
	}

	@Test
	void takesNoPartOfAMessageFromItsUrl() {
		IncomingMessage message = IncomingMessage.of(FormParameters.parse(SMS, 50),
				FormParameters.parse("Label=home&ButtonText=Yes&OptOutType=STOP&ProfileName=Jo", 50));
		assertThat(message.location()).isNull();
		assertThat(message.button()).isNull();
		assertThat(message.optOutType()).isNull();
		assertThat(message.profile()).isNull();
	}

	@Test
	void showsNothingPersonalInAText() {
		for (String form : new String[] { SMS, BUTTON, LOCATION + "&Address=187+Freston+Road&Label=Harrow", REFERRAL,
				LIST }) {
			IncomingMessage message = read(form);
			String shown = message.toString() + message.origin() + message.destination() + message.location()
					+ message.profile() + message.button() + message.listItem() + message.repliedMessage()
					+ message.referral() + ((message.referral() != null)
							? message.referral().source() + "" + message.referral().medium() : "");
			assertThat(shown).doesNotContain("5558675310", "4155238886", "4566546130240823", "SAN", "94103", "Jo",
					"Konfirmasi", "verify", "25.0", "77.3", "Freston", "Harrow", "Learn", "Send us", "11858", "fb.me",
					"ARAk", "Denver", "Sale", "flight");
		}
	}

	private static IncomingMessage read(String form) {
		return IncomingMessage.of(FormParameters.parse(form, 50), Map.of());
	}

}
