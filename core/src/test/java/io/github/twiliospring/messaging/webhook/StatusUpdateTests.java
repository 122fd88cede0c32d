package io.github.twiliospring.messaging.webhook;

import java.time.LocalDateTime;
import java.util.Map;

import io.github.twiliospring.messaging.message.MessageStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a status update says, from forms as the provider posts them (from public sources,
 * with other numbers and SIDs).
 */
class StatusUpdateTests {

	private static final String SMS = "RawDlrDoneDate=2308102223&SmsSid=SM1342fe1b2c904d1ab04f0fc7a58abca9"
			+ "&SmsStatus=delivered&MessageStatus=delivered&To=%2B15558675310"
			+ "&MessagingServiceSid=MG0123456789abcdef0123456789abcdef"
			+ "&MessageSid=SM1342fe1b2c904d1ab04f0fc7a58abca9&AccountSid=AC0123456789abcdef0123456789abcdef"
			+ "&From=%2B15017122661&ApiVersion=2010-04-01";

	private static final String WHATSAPP = "EventType=DELIVERED&SmsSid=SM2342fe1b2c904d1ab04f0fc7a58abca9"
			+ "&SmsStatus=delivered&MessageStatus=delivered&ChannelToAddress=%2B1555867XXXX"
			+ "&To=whatsapp%3A%2B15558675310&ChannelPrefix=whatsapp"
			+ "&MessageSid=SM2342fe1b2c904d1ab04f0fc7a58abca9&AccountSid=AC0123456789abcdef0123456789abcdef"
			+ "&StructuredMessage=true&From=whatsapp%3A%2B14155238886&ApiVersion=2010-04-01"
			+ "&ChannelInstallSid=XE13ed08c80401d9e2ccb4ff0b8b621c1c";

	@Test
	void tellsTheCarriersDateWithoutAZone() {
		assertThat(read(SMS).carrierDoneDate()).isEqualTo(LocalDateTime.of(2023, 8, 10, 22, 23));
		assertThat(read(WHATSAPP).carrierDoneDate()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "23081022", "2313102223", "2302302223", "2308102460", "230810222300", "+308102223",
			"23081022%202", "yesterday", "%D9%A2%D9%A3%D9%A0%D9%A8%D9%A1%D9%A0%D9%A2%D9%A2%D9%A2%D9%A3" })
	void leavesOutADateThatCannotBeReadAndKeepsTheUpdate(String date) {
		StatusUpdate update = read(SMS.replace("2308102223", date));
		assertThat(update.carrierDoneDate()).isNull();
		assertThat(update.status()).isEqualTo(MessageStatus.DELIVERED);
		assertThat(update.parameters().get("RawDlrDoneDate")).hasSize(1);
	}

	@Test
	void showsWhatTheChannelAdds() {
		StatusUpdate update = read(WHATSAPP);
		assertThat(update.channelDelivery())
			.isEqualTo(new ChannelDelivery("XE13ed08c80401d9e2ccb4ff0b8b621c1c", "whatsapp", null, "+1555867XXXX"));
		assertThat(update.eventType()).isEqualTo("DELIVERED");
		assertThat(update.channel()).isEqualTo("whatsapp");
		assertThat(update.status()).isEqualTo(MessageStatus.DELIVERED);
		StatusUpdate failed = read(WHATSAPP.replace("=delivered", "=undelivered")
				+ "&ErrorCode=63016&ChannelStatusMessage=Failed+to+send+freeform+message");
		assertThat(failed.channelDelivery().statusMessage()).isEqualTo("Failed to send freeform message");
		assertThat(failed.toString() + failed.channelDelivery()).doesNotContain("freeform", "1555867", "5558675310");
	}

	@Test
	void hasNoChannelGroupForAnSms() {
		StatusUpdate update = read(SMS);
		assertThat(update.channelDelivery()).isNull();
		assertThat(update.eventType()).isNull();
		assertThat(read(SMS + "&ChannelPrefix=&ChannelInstallSid=&ChannelStatusMessage=").channelDelivery()).isNull();
	}

	@Test
	void takesAReadEventForTheStatus() {
		assertThat(read(WHATSAPP.replace("DELIVERED", "READ")).status()).isEqualTo(MessageStatus.READ);
		assertThat(read(WHATSAPP.replace("DELIVERED", "REACTED")).eventType()).isEqualTo("REACTED");
	}

	// The provider: "If Twilio successfully delivers the message over RCS, the From field
	// contains rcs:<SenderId>". It doesn't say what else a fallback's update has.
	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "From=%2B15017122661&To=%2B15558675310,sms", "From=rcs%3Ashop_agent&To=%2B15558675310,rcs",
					"From=%2B15017122661&To=%2B15558675310&ChannelPrefix=rcs,sms", "From=Owl%20Shop,sms",
					"From=whatsapp%3A%2B14155238886,whatsapp", "From=telegraph%3Aowl,telegraph",
					"From=&ChannelPrefix=rcs,rcs", "To=rcs%3A%2B15558675310,none" })
	void tellsTheChannelByTheSender(String addresses, String channel) {
		assertThat(read("AccountSid=AC1&MessageSid=SM1&MessageStatus=delivered&" + addresses).channel())
			.isEqualTo(channel);
	}

	private static StatusUpdate read(String form) {
		return StatusUpdate.of(FormParameters.parse(form, 50), Map.of());
	}

}
