package io.github.twiliospring.messaging.message;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The default alphabet of 3GPP TS 23.038 with its extension table, and the typographic
 * look-alikes that smart encoding replaces: those of the provider's own segment
 * calculator, but for combining marks, which belong to the letter before them.
 */
final class GsmAlphabet {

	private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
			+ "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

	private static final String EXTENSION = "\f^{}\\[~]|€";

	private static final BitSet BASIC_SET = setOf(BASIC);

	private static final BitSet EXTENSION_SET = setOf(EXTENSION);

	private static final Map<Character, String> LOOK_ALIKES = lookAlikes();

	private GsmAlphabet() {
	}

	/**
	 * The septets that a character takes.
	 * @return 1, 2 for the extension table, 0 if the alphabet lacks it
	 */
	static int units(char character) {
		if (BASIC_SET.get(character)) {
			return 1;
		}
		return EXTENSION_SET.get(character) ? 2 : 0;
	}

	static String smartEncode(String text) {
		StringBuilder encoded = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			String replacement = LOOK_ALIKES.get(character);
			if (replacement != null) {
				encoded.append(replacement);
			}
			else {
				encoded.append(character);
			}
		}
		return encoded.toString();
	}

	private static BitSet setOf(String characters) {
		BitSet set = new BitSet();
		characters.chars().forEach(set::set);
		return set;
	}

	private static Map<Character, String> lookAlikes() {
		Map<Character, String> map = new HashMap<>();
		replace(map, "\"", "«»“”„‟ʺˮ❝❞〝〞＂");
		replace(map, "'", "‗‘’‛ʹʻʼʽˈˊˋ`´❛❜＇︐︑");
		replace(map, "-", "‐–—―•⁃⎼⎽﹣－");
		replace(map, "/", "÷⁄∕⧸／");
		replace(map, "|", "∣⎜⎟⎸⎹⏐｜");
		replace(map, "\\", "⧵⧹﹨＼");
		replace(map, "_", "＿");
		replace(map, ",", "‚、﹐﹑，､");
		replace(map, ";", "⁏︔﹔；");
		replace(map, ":", "ː˸⦂꞉︓：");
		replace(map, ".", "。﹒．｡");
		replace(map, "!", "ǃ︕﹗！");
		replace(map, "?", "︖﹖？");
		replace(map, "@", "﹫＠");
		replace(map, "%", "﹪％");
		replace(map, "&", "﹠＆");
		replace(map, "#", "﹟＃");
		replace(map, "$", "﹩＄");
		replace(map, "(", "❨❪⟮⦅﹙（");
		replace(map, ")", "❩❫⟯⦆﹚）");
		replace(map, "[", "［");
		replace(map, "]", "］");
		replace(map, "{", "❴﹛｛");
		replace(map, "}", "❵﹜｝");
		replace(map, "*", "⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆﹡＊");
		replace(map, "+", "˖﹢＋");
		replace(map, "<", "‹﹤＜");
		replace(map, "=", "꞊﹦＝");
		replace(map, ">", "›﹥＞");
		replace(map, "^", "ˆ＾");
		replace(map, "~", "˜˷∼～");
		replace(map, "...", "…");
		replace(map, "!!", "‼");
		replace(map, "1/4", "¼");
		replace(map, "1/2", "½");
		replace(map, "3/4", "¾");
		replace(map, " ", "\u2001\u2028\u2029");
		// Two, as there.
		replace(map, "  ", "\u00A0\u2000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
				+ "\u202F\u205F\u3000\u0080\u008D\u0090\u009B\u009F");
		replace(map, "       ", "\t");
		replace(map, "", "\u200B\u2060\uFEFF\u0000\u0003\u0004\u0010\u0011\u0012\u0013\u0014\u0017\u0019");
		String smallCapitals = "ABCDEFGHIJKLMNOPRSTUVWYZ";
		String theirs = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ";
		for (int i = 0; i < smallCapitals.length(); i++) {
			map.put(theirs.charAt(i), smallCapitals.substring(i, i + 1));
		}
		fullWidth(map, '0', '9');
		fullWidth(map, 'A', 'Z');
		return Map.copyOf(map);
	}

	private static void fullWidth(Map<Character, String> map, char first, char last) {
		for (char character = first; character <= last; character++) {
			map.put((char) (character + 0xFEE0), String.valueOf(character));
		}
	}

	private static void replace(Map<Character, String> map, String replacement, String characters) {
		characters.chars().forEach((character) -> map.put((char) character, replacement));
	}

}
