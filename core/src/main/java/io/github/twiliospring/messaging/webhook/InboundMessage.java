package io.github.twiliospring.messaging.webhook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a bean's method that is handed incoming messages: verified, and each once.
 * <p>
 * The method may take an {@link IncomingMessage}, a nullable part of it (a
 * {@link Location}, {@link SenderProfile}, {@link ButtonReply}, {@link ListReply},
 * {@link RepliedMessage}, {@link Referral} or {@link OptOutType}) and a nullable
 * {@code String} with {@link CallbackParameter @CallbackParameter}, and returns a
 * {@link Reply}, nothing, or a reactive type of either. With a reactive return type it's
 * called on a thread that mustn't wait, with any other on one that may. A message is
 * handed to one method: the first in the order of
 * {@link org.springframework.core.annotation.Order @Order} whose conditions hold, and of
 * equal order the one that asks for an opt-out type before one that asks for a keyword or
 * pattern, before one that asks for a receiver, before one that takes everything. So what
 * no method asks for by its type goes to the others, as any message.
 * <p>
 * The provider waits 15 seconds for a reply, so a method has 14, unless configured
 * otherwise; a later reply is kept for the repetition of the message, if there's one. A
 * method that fails is called again when the provider repeats the message; after it
 * succeeded, a repetition gets the first answer again.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface InboundMessage {

	/**
	 * The texts to be handed: the whole body without surrounding white space, in any
	 * case. Placeholders such as {@code ${keyword}} are resolved.
	 * @return the keywords, none for all texts
	 */
	String[] keywords() default {};

	/**
	 * A regular expression that the whole body has to match, without surrounding white
	 * space. It's matched on the request's thread and has to be harmless on 1,600
	 * characters. Placeholders are resolved.
	 * @return the pattern, empty for all texts
	 */
	String pattern() default "";

	/**
	 * The application's own numbers or channel addresses whose messages are to be handed.
	 * Placeholders are resolved.
	 * @return the receivers, none for all
	 */
	String[] receivers() default {};

	/**
	 * The opt-out types of the messages to be handed. The provider tells a type for
	 * numbers of a Messaging Service with Advanced Opt-Out alone; elsewhere ask for
	 * {@link #keywords()}. It has answered such a message itself, and after STOP it
	 * refuses further messages, a reply among them.
	 * @return the types, none for all messages, those without a type included
	 */
	OptOutType[] optOut() default {};

}
