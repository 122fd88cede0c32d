package com.example.appointments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.twiliospring.messaging.simulator.TwilioSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static io.github.twiliospring.messaging.simulator.MessageMatcher.to;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a real browser, by keyboard alone. Skipped where Debian's Chromium isn't
 * installed, except in continuous integration.
 */
@AppointmentsTest
class PageTests {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@TempDir
	private static Path userData;

	private static ChromeDriver browser;

	@LocalServerPort
	int port;

	@Autowired
	AppointmentRepository appointments;

	@Autowired
	TwilioSimulator simulator;

	@BeforeAll
	static void startBrowser() {
		if (!"true".equals(System.getenv("CI"))) {
			Assumptions.assumeTrue(Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
					"The page isn't tested: " + CHROMIUM + " or " + DRIVER + " is missing");
		}
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--user-data-dir=" + userData);
		browser = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(),
				options);
	}

	@AfterAll
	static void stopBrowser() {
		if (browser != null) {
			browser.quit();
		}
	}

	@BeforeEach
	void open() {
		this.simulator.awaitIdle(PATIENCE);
		this.simulator.reset();
		this.appointments.deleteAll().block();
		browser.get("http://localhost:" + this.port + "/");
		see("#connection", "live");
		see("#none", "No appointments yet.");
	}

	@Test
	void aReminderSentNowBecomesDeliveredBeforeOnesEyes() {
		fill("remind-now", "name", "Ada");
		fill("remind-now", "phone", "+15558675310", Keys.ENTER);
		see("#list .name", "Ada");
		see("#list .status", "delivered");
		see("form[data-action=remind-now] .outcome", "The reminder of Ada is on its way.");
		assertThat(browser.switchTo().activeElement().getDomAttribute("name")).isEqualTo("name");
	}

	@Test
	void aScheduledReminderIsCanceledByKeyboard() {
		fill("remind-later", "name", "Ben");
		fill("remind-later", "phone", "+15558675311", Keys.ENTER);
		see("#list .status", "scheduled");
		WebElement button = browser.findElement(By.cssSelector("#list .cancel"));
		assertThat(button.getAccessibleName()).isEqualTo("Cancel the reminder of Ben");
		button.sendKeys(Keys.ENTER);
		see("#list .status", "canceled");
		assertThat(button.isDisplayed()).isFalse();
		assertThat(browser.switchTo().activeElement().getTagName()).isEqualTo("li");
	}

	@Test
	void aFailureIsShownWithItsCodeAndWhatToDo() {
		this.simulator.fail(to("+15558675312"), 30003);
		fill("remind-now", "name", "Cleo");
		fill("remind-now", "phone", "+15558675312", Keys.ENTER);
		see("#list .status", "undelivered · 30003");
		see("#list .follow-up", "Phone out of reach: call later.");
	}

	@Test
	void aProblemStandsBesideItsField() {
		fill("remind-now", "phone", "555", Keys.ENTER);
		see("#remind-now-name", "Please give a name.");
		see("#remind-now-phone", "Please give a number");
		assertThat(browser.switchTo().activeElement().getDomAttribute("aria-describedby")).isEqualTo("remind-now-name");
		assertThat(this.simulator.messages()).isEmpty();
	}

	@Test
	void whatIsWrittenIsShownAsTextAndFitsAPhone() {
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", 320, "height", 640, "deviceScaleFactor", 1, "mobile", true));
		fill("remind-now", "name", "<b>Dan</b>" + "n".repeat(80));
		fill("remind-now", "phone", "+15558675313", Keys.ENTER);
		see("#list .name", "<b>Dan</b>");
		see("#list .status", "delivered");
		assertThat(browser.executeScript("return document.documentElement.scrollWidth <= 320")).isEqualTo(true);
		browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
	}

	@Test
	void textIsReadableInLightAndDark() {
		for (String scheme : List.of("light", "dark")) {
			browser.executeCdpCommand("Emulation.setEmulatedMedia",
					Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
			// WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1.
			Object contrasts = browser.executeScript("""
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
					return ['--text', '--soft', '--accent', '--good', '--bad', '--open']
						.flatMap((name) => [contrast(name, '--pane'), contrast(name, '--back')])
						.concat(contrast('--accent', '--on-accent'));
					""");
			assertThat((List<?>) contrasts).hasSize(13)
				.allSatisfy((contrast) -> assertThat(((Number) contrast).doubleValue()).isGreaterThanOrEqualTo(4.5));
		}
	}

	private static void fill(String form, String field, CharSequence... keys) {
		browser.findElement(By.cssSelector("form[data-action=" + form + "] [name=" + field + "]")).sendKeys(keys);
	}

	private static void see(String selector, String text) {
		new WebDriverWait(browser, PATIENCE, Duration.ofMillis(50))
			.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), text));
	}

}
