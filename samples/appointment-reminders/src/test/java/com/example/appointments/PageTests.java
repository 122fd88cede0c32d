package com.example.appointments;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import io.github.twiliospring.messaging.testsupport.Browser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static io.github.twiliospring.messaging.simulator.MessageMatcher.sentTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a real browser, by keyboard alone.
 */
@AppointmentsTest
class PageTests {

	private static final String PHONE = "+15558675310";

	@RegisterExtension
	static final Browser browser = new Browser();

	@LocalServerPort
	int port;

	@Autowired
	AppointmentRepository appointments;

	@Autowired
	ReminderService reminders;

	@Autowired
	Practice practice;

	@Autowired
	TwilioSimulator simulator;

	@BeforeEach
	void open() {
		this.reminders.waiting().concatMap((row) -> this.reminders.cancel(row.reference())).blockLast();
		this.appointments.deleteAll().block();
		browser.resize(1200, 900);
		browser.severeLogs();
		browser.open(url());
		browser.see("#connection", "live");
		browser.see("#none", "No appointments yet.");
	}

	@Test
	void aReminderSentNowBecomesDeliveredStepByStepAndIsStillThereAfterReload() {
		sendNow("Ada", PHONE);
		browser.seeAll(".timeline .label", "Waiting", "Queued", "Sent", "Delivered");
		browser.seeAll(".badge", "Delivered");
		browser.seeAll(".name", "Ada");
		browser.seeAll(".digits", "…5310");
		browser.seeAll(".start", "09:00");
		browser.seeAll(".plan", "Reminder at once");
		browser.see("#outcome", "The reminder of Ada is on its way.");
		assertThat(browser.focused().getDomAttribute("name")).isEqualTo("name");
		List<String> times = browser.texts(".timeline time");
		assertThat(times).hasSize(4).allSatisfy((time) -> assertThat(time).containsPattern("\\d\\d:\\d\\d:\\d\\d$"));
		browser.open(url());
		browser.seeAll(".timeline .label", "Waiting", "Queued", "Sent", "Delivered");
		assertThat(browser.texts(".timeline time")).isEqualTo(times);
		// Nor did the browser have to refuse anything by the page's own policy.
		assertThat(browser.severeLogs()).isEmpty();
	}

	@Test
	void aReminderIsScheduledAndCanceled() {
		schedule("Ben");
		browser.seeAll(".badge", "Waiting");
		browser.seeAll("#outcome", "The reminder of Ben waits for its time. The calendar shows what becomes of it.");
		assertThat(browser.find(".plan s")).isEmpty();
		assertThat(browser.find(".cancel").get(0).getAccessibleName()).isEqualTo("Cancel reminder of Ben");
		browser.find(".cancel").get(0).sendKeys(Keys.ENTER);
		browser.seeAll(".badge", "Canceled");
		browser.seeAll(".timeline .label", "Waiting", "Canceled");
		browser.see(".plan s", "Reminder for ");
		browser.seeAll(".change");
		assertThat(browser.focused().getTagName()).isEqualTo("li");
		assertThat(browser.script("return document.querySelector('#news').textContent")).asString()
			.startsWith("Reminder of Ben: Canceled");
	}

	@Test
	void aReminderIsMoved() {
		schedule("Ben");
		browser.seeAll(".badge", "Waiting");
		browser.script("document.querySelector('.move-to').stepUp(60)");
		Appointment ben = Objects.requireNonNull(this.appointments.findAll().blockFirst());
		browser.find(".move").get(0).sendKeys(Keys.ENTER);
		browser.seeAll(".timeline .label", "Waiting", "Moved");
		browser.seeAll(".badge", "Waiting");
		Appointment moved = Objects.requireNonNull(this.appointments.findAll().blockFirst());
		assertThat(moved.remindAt()).isEqualTo(Objects.requireNonNull(ben.remindAt()).plusHours(1));
	}

	@Test
	void aScheduledReminderGoesOutAtItsTime() {
		schedule("Ben");
		browser.seeAll(".timeline .label", "Waiting");
		Appointment ben = Objects.requireNonNull(this.appointments.findAll().blockFirst());
		LocalDateTime remindAt = Objects.requireNonNull(ben.remindAt());
		this.simulator.clock().advanceTo(this.practice.zoned(remindAt).toInstant());
		browser.seeAll(".timeline .label", "Waiting", "Queued", "Sent", "Delivered");
		browser.seeAll(".near", "Tomorrow");
		browser.seeAll(".change");
	}

	@Test
	void aFailureIsShownWithItsMeaningAndWhatToDo() {
		this.simulator.fail(sentTo(PHONE), 30003);
		sendNow("Cleo", PHONE);
		browser.seeAll(".badge", "Undelivered");
		browser.seeAll(".failure", "Unreachable destination handset (error 30003) Phone out of reach: call later.");
	}

	@Test
	void aLostConnectionIsSaidAndNothingIsMissedWhenItIsBack() {
		try (Cable cable = new Cable(this.port)) {
			browser.open("http://localhost:" + cable.port() + "/");
			schedule("Ben");
			browser.seeAll(".badge", "Waiting");
			cable.pullOut();
			browser.see("#connection", "connection lost");
			browser.see("#lost", "What stands here may be out of date.");
			browser.find(".cancel").get(0).sendKeys(Keys.ENTER);
			browser.see("#refused", "Ben: The application doesn’t answer. Is it running?");
			Appointment ben = Objects.requireNonNull(this.appointments.findAll().blockFirst());
			this.reminders.cancel(ben.reference()).block();
			this.simulator.awaitIdle(Duration.ofSeconds(30));
			cable.plugIn();
			browser.seeAll(".badge", "Canceled");
			browser.seeAll("#lost");
			browser.seeAll("#connection", "live");
		}
	}

	@Test
	void aProblemStandsBesideItsField() {
		browser.type("#phone", "555");
		browser.press(Keys.ENTER);
		browser.see("#name-problem", "Please give a name.");
		browser.see("#phone-problem", "Please give a number");
		assertThat(browser.focused().getDomAttribute("aria-describedby")).isEqualTo("name-problem");
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void whatTheProviderRefusesIsShownWithWhatToDo() {
		sendNow("Ada", "+15005550001");
		browser.seeAll(".badge", "Rejected");
		browser.see(".failure", "Not taken by the provider: call instead.");
	}

	@Test
	void appointmentsStandByDayAndTime() {
		LocalDateTime morning = this.practice.now().toLocalDate().plusDays(1).atTime(7, 0);
		this.simulator.clock().advanceTo(this.practice.zoned(morning).toInstant());
		appointment("Second", morning.plusHours(26));
		appointment("Third", morning.plusDays(3));
		appointment("First", morning.plusHours(2));
		appointment("Another second", morning.plusHours(26));
		browser.seeAll(".name", "First", "Second", "Another second", "Third");
		browser.see(".day:nth-child(1) h3", "Today");
		browser.see(".day:nth-child(2) h3", "Tomorrow");
		assertThat(browser.texts(".day:nth-child(3) h3").get(0)).matches("[A-Z][a-z]+day,? \\d+ [A-Z][a-z]+");
		this.simulator.clock().advance(Duration.ofDays(1));
		browser.seeAll(".near", "Today");
		browser.see(".day:nth-child(2) h3", "Today");
	}

	@Test
	void whatIsWrittenIsShownAsTextAndFitsAPhone() {
		browser.resizeToPhone(320, 640);
		browser.open(url());
		browser.find("summary").get(0).sendKeys(Keys.ENTER);
		sendNow("<b>Dan</b>" + "n".repeat(80), PHONE);
		browser.see(".name", "<b>Dan</b>");
		browser.seeAll(".badge", "Delivered");
		assertThat(browser.script("return document.documentElement.scrollWidth <= 320")).isEqualTo(true);
	}

	@Test
	void textIsReadableInLightAndDark() {
		for (String scheme : List.of("light", "dark")) {
			browser.colours(scheme);
			// WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1.
			Object contrasts = browser
				.script("""
						const style = getComputedStyle(document.documentElement);
						const light = (name) => {
							const hex = style.getPropertyValue(name).trim();
							const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
								.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
							return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
						};
						const contrast = (one, other) => {
							const [darker, lighter] = [light(one), light(other)].sort((a, b) => a - b);
							return (lighter + 0.05) / (darker + 0.05);
						};
						return ['--text', '--soft', '--accent', '--good', '--bad']
							.flatMap((name) => [contrast(name, '--pane'), contrast(name, '--back')])
							.concat(['good', 'bad', 'open', 'planned'].map((tone) => contrast(`--${tone}`, `--${tone}-back`)))
							.concat(contrast('--soft', '--off-back'), contrast('--text', '--bad-back'),
								contrast('--accent', '--on-accent'));
						""");
			assertThat((List<?>) contrasts).hasSize(17)
				.allSatisfy((contrast) -> assertThat(((Number) contrast).doubleValue()).isGreaterThanOrEqualTo(4.5));
		}
	}

	private String url() {
		return "http://localhost:" + this.port + "/";
	}

	private void sendNow(String name, String phone) {
		browser.type("#name", name);
		browser.type("#phone", phone);
		browser.press(Keys.ENTER);
	}

	private void schedule(String name) {
		browser.type("#name", name);
		browser.type("#phone", PHONE);
		browser.find("[value=remind-now]").get(0).sendKeys(Keys.ARROW_RIGHT);
		browser.seeAll("#form button", "Schedule reminder");
		browser.press(Keys.ENTER);
	}

	private void appointment(String name, LocalDateTime startsAt) {
		this.reminders.remindNow(new AppointmentRequest(name, PHONE, startsAt, null)).block();
	}

}
