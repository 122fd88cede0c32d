package io.github.twiliospring.messaging.simulator.network;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What an account owns: numbers, Messaging Services, applications, content templates. An
 * account's own directory stands before the one that all share. Not safe for several
 * threads; the simulator changes one only while nothing else happens.
 */
public final class Directory {

	private static final String WHATSAPP = "whatsapp:";

	private final @Nullable Directory shared;

	private final Map<String, PhoneNumber> numbers = new LinkedHashMap<>();

	private final Map<String, MessagingService> services = new LinkedHashMap<>();

	private final Map<String, Application> applications = new LinkedHashMap<>();

	private final Map<String, ContentTemplate> templates = new LinkedHashMap<>();

	private @Nullable Set<String> verified;

	private @Nullable String inboundUrl;

	private @Nullable String clickCallback;

	/**
	 * A directory.
	 * @param shared what stands behind it, or {@code null}
	 */
	public Directory(@Nullable Directory shared) {
		this.shared = shared;
	}

	/**
	 * A number or sender.
	 * @param address as messages name it
	 * @return the number, or {@code null} if it isn't configured
	 */
	public @Nullable PhoneNumber number(String address) {
		PhoneNumber number = this.numbers.get(address);
		return (number == null && this.shared != null) ? this.shared.number(address) : number;
	}

	/**
	 * A Messaging Service.
	 * @param sid {@code MG…}
	 * @return the service, or {@code null} if it isn't configured
	 */
	public @Nullable MessagingService service(String sid) {
		MessagingService service = this.services.get(sid);
		return (service == null && this.shared != null) ? this.shared.service(sid) : service;
	}

	/**
	 * The service that a number belongs to.
	 * @param number a sender
	 * @return the service, or {@code null}
	 */
	public @Nullable MessagingService serviceOf(String number) {
		for (MessagingService service : services().values()) {
			if (service.senders().contains(number)) {
				return service;
			}
		}
		return null;
	}

	/**
	 * The webhook for what arrives at a number: the number's, else its service's, else
	 * the one for all numbers.
	 * @param number the number
	 * @param service its service, or {@code null}
	 * @return the URL, or {@code null} without one
	 */
	public @Nullable String inboundUrlOf(String number, @Nullable MessagingService service) {
		PhoneNumber known = number(number);
		if (known != null && known.inboundUrl() != null) {
			return known.inboundUrl();
		}
		return (service != null && service.inboundUrl() != null) ? service.inboundUrl() : inboundUrl();
	}

	private @Nullable String inboundUrl() {
		return (this.inboundUrl == null && this.shared != null) ? this.shared.inboundUrl() : this.inboundUrl;
	}

	/**
	 * Sets the webhook for what arrives at any number.
	 * @param url the URL, or {@code null} for none
	 */
	public void inboundUrl(@Nullable String url) {
		this.inboundUrl = url;
	}

	/**
	 * Where it's reported that someone followed a shortened link.
	 * @return the URL, or {@code null} without one
	 */
	public @Nullable String clickCallback() {
		return (this.clickCallback == null && this.shared != null) ? this.shared.clickCallback() : this.clickCallback;
	}

	/**
	 * Sets where it's reported that someone followed a shortened link.
	 * @param url the URL, with retry rules in its fragment, or {@code null} for none
	 */
	public void clickCallback(@Nullable String url) {
		this.clickCallback = url;
	}

	/**
	 * An application.
	 * @param sid {@code AP…}
	 * @return the application, or {@code null} if it isn't configured
	 */
	public @Nullable Application application(String sid) {
		Application application = this.applications.get(sid);
		return (application == null && this.shared != null) ? this.shared.application(sid) : application;
	}

	/**
	 * All numbers.
	 * @return a copy, by address
	 */
	public Map<String, PhoneNumber> numbers() {
		return all((directory) -> directory.numbers);
	}

	/**
	 * All services.
	 * @return a copy, by SID
	 */
	public Map<String, MessagingService> services() {
		return all((directory) -> directory.services);
	}

	/**
	 * All applications.
	 * @return a copy, by SID
	 */
	public Map<String, Application> applications() {
		return all((directory) -> directory.applications);
	}

	/**
	 * All content templates.
	 * @return a copy, by SID
	 */
	public Map<String, ContentTemplate> templates() {
		return all((directory) -> directory.templates);
	}

	/**
	 * Adds or replaces a content template. From the first one on, messages with a
	 * {@code ContentSid} that isn't here are refused.
	 * @param template the template
	 */
	public void put(ContentTemplate template) {
		this.templates.put(template.sid(), template);
	}

	/**
	 * Adds or replaces a number.
	 * @param number the number
	 */
	public void put(PhoneNumber number) {
		this.numbers.put(number.address(), number);
	}

	/**
	 * Adds or replaces a service.
	 * @param service the service
	 */
	public void put(MessagingService service) {
		this.services.put(service.sid(), service);
	}

	/**
	 * Adds or replaces an application.
	 * @param application the application
	 */
	public void put(Application application) {
		this.applications.put(application.sid(), application);
	}

	/**
	 * Makes it a trial account's, which sends to verified numbers only, and to their
	 * WhatsApp addresses.
	 * @param numbers the verified ones, added to those that are already
	 */
	public void restrictTo(Set<String> numbers) {
		Set<String> all = new HashSet<>(numbers);
		if (this.verified != null) {
			all.addAll(this.verified);
		}
		this.verified = all;
	}

	/**
	 * Whether it's a trial account's.
	 * @return {@code true} if so
	 */
	public boolean isTrial() {
		return this.verified != null || (this.shared != null && this.shared.isTrial());
	}

	/**
	 * Whether a trial account may send there.
	 * @param recipient number or channel address
	 * @return {@code true} for verified ones, and on accounts that aren't on trial
	 */
	public boolean allows(String recipient) {
		String number = recipient.startsWith(WHATSAPP) ? recipient.substring(WHATSAPP.length()) : recipient;
		if (this.verified != null && !this.verified.contains(number) && !this.verified.contains(recipient)) {
			return false;
		}
		return this.shared == null || this.shared.allows(recipient);
	}

	/**
	 * All that's its own.
	 * @return a copy
	 */
	public Content content() {
		return new Content(List.copyOf(this.numbers.values()), List.copyOf(this.services.values()),
				List.copyOf(this.applications.values()), List.copyOf(this.templates.values()), this.verified,
				this.inboundUrl, this.clickCallback);
	}

	/**
	 * Adds or replaces all of another's.
	 * @param content what was its own
	 */
	public void putAll(Content content) {
		content.numbers().forEach(this::put);
		content.services().forEach(this::put);
		content.applications().forEach(this::put);
		content.templates().forEach(this::put);
		if (content.verified() != null) {
			restrictTo(content.verified());
		}
		if (content.inboundUrl() != null) {
			inboundUrl(content.inboundUrl());
		}
		if (content.clickCallback() != null) {
			clickCallback(content.clickCallback());
		}
	}

	private <T> Map<String, T> all(Function<Directory, Map<String, T>> own) {
		Map<String, T> all = (this.shared != null) ? this.shared.all(own) : new LinkedHashMap<>();
		all.putAll(own.apply(this));
		return all;
	}

	/**
	 * What a directory has, as data.
	 *
	 * @param numbers its numbers
	 * @param services its services
	 * @param applications its applications
	 * @param templates its content templates
	 * @param verified where a trial account sends to, or {@code null}
	 * @param inboundUrl the webhook for any number, or {@code null}
	 * @param clickCallback where followed links are reported, or {@code null}
	 */
	public record Content(List<PhoneNumber> numbers, List<MessagingService> services, List<Application> applications,
			List<ContentTemplate> templates, @Nullable Set<String> verified, @Nullable String inboundUrl,
			@Nullable String clickCallback) {

		@Override
		public String toString() {
			return "Content[" + this.numbers.size() + " numbers]";
		}

	}

}
